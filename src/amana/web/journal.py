"""Nobody is served while the erase journal and the database disagree: 503, page or JSON, at every address."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from amana.gate import standing
from amana.web.middleware import LOST, Answer, refused, unavailable

# The attribute of a request that holds the hash of the policy in force when it came.
POLICY = "policy_hash"


class Standing:
    """Ask before every request how the erase journal stands; a restored database serves nobody until it is replayed."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or say why nobody is served."""
        try:
            serving = look()
        except LOST as lost:
            return unavailable(request, lost)
        if serving.refusal is None:
            setattr(request, POLICY, serving.policy)
            return self.get_response(request)
        answer = refused(request, serving.refusal)
        answer.headers["Retry-After"] = "60"
        answer.headers["Cache-Control"] = "no-store"
        return answer


def look() -> standing.Serving:
    """Say how the journal stands, over the connection that the request before left, or a new one where it was lost."""
    # To ask is to see whether it still stands. (The name is the connection's own, behind Django's proxy.)
    setattr(connection, "health_check_done", True)  # noqa: B010
    try:
        return standing.look()
    except LOST:
        connection.close()
        return standing.look()
