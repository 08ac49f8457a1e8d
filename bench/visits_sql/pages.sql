CREATE OR REPLACE MACRO u(n, salt) AS (hash(hash(n, salt)) >> 11) / 9007199254740992.0;
CREATE OR REPLACE MACRO half(n, salt) AS lpad(to_hex(hash(hash(n, salt))), 16, '0');
CREATE OR REPLACE MACRO hex32(n, salt) AS lower(half(n, salt) || half(n, salt || 'b'));
CREATE OR REPLACE MACRO pick(list, n, salt) AS list[1 + floor(u(n, salt) * len(list))::INT];
CREATE OR REPLACE TABLE page AS
SELECT i AS page, i > 400 AS product,
  CASE WHEN i = 0 THEN '/' WHEN i <= 80 THEN '/c/' || pick(['women','men','kids','home','sport','shoes','bags','beauty'], i, 'c1') || '/' || pick(['new','dresses','shirts','jeans','coats','sale','linen','toys','sneakers'], i, 'c2') || '-' || i
       WHEN i <= 400 THEN '/journal/' || pick(['how-to-wear','the-season-of','a-day-in','notes-on','made-in'], i, 'j') || '-' || pick(['linen','white','denim','silk','colour','winter'], i, 'k') || '-' || i
       ELSE '/p/' || pick(['cotton','linen','silk','denim','wool','leather','jersey'], i, 'a') || '-' || pick(['dress','shirt','coat','bag','skirt','trousers','abaya','sandals'], i, 'b') || '-' || pick(['black','white','sand','navy','rose','olive'], i, 'd') || '-' || (100000 + i * 37) END AS path,
  CASE WHEN i = 0 THEN 'رد تاغ | أزياء العائلة' WHEN i <= 80 THEN 'تسوّقي ' || pick(['الفساتين','القمصان','الأحذية','الحقائب','المعاطف'], i, 't') || ' ' || i || ' | رد تاغ'
       ELSE pick(['قطن','كتان','حرير','دنيم','صوف','جلد'], i, 'a') || ' ' || pick(['فستان','قميص','معطف','حقيبة','تنورة','عباية'], i, 'b') || ' ' || pick(['أسود','أبيض','رملي','كحلي','وردي'], i, 'd') || ' ' || i || ' | رد تاغ' END AS title,
  'RT-' || (100000 + i * 37) AS sku, round(20 + u(i, 'price') * 480) AS price, pick(['women','men','kids','home','shoes','bags'], i, 'cat') AS category
FROM range($pages) t(i);
