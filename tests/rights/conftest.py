"""The desk's world: a request begins with a mail."""

from tests.desk.conftest import carrier as carrier
from tests.desk.conftest import desk as desk
from tests.desk.conftest import mailhost as mailhost
from tests.desk.conftest import signer as signer
from tests.desk.conftest import world as world
