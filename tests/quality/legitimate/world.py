"""Mails in the languages and charsets of the world.  SPDX-License-Identifier: GPL-3.0-or-later"""
import dataclasses

from . import (attachments, programs)
from .mails import (letter)
from .pages import (Ancient, Bee, Chimp, Dark, Klyv, Mjml, React, Stripo, Unlayer)
from .services import (Finch, Grid, GridNotice, Klyv as KlyvService, MailPoet, Mautic, Plainly, SesNotice, Stamp,
    UtmPhp, campaign)

# --- Russian, Ukrainian ---------------------------------------------------------------------------------------------------------------
letter("ru-thebat-koi8", programs.THE_BAT, "Виктор Селиванов <v.selivanov@lesprom-arh.ru>", "buh@pilomat.example",
    "Акт сверки за 1 квартал", "2025-04-10 12:05:33 +0300", """Здравствуйте, Ольга Николаевна.

Высылаю акт сверки за первый квартал. У нас расхождение на 4 320 рублей,
похоже, потерялась накладная от 14 марта. Проверьте, пожалуйста, у себя.

Подписанный экземпляр пришлите почтой, скан можно сюда.

-- 
С уважением,
 Виктор Селиванов                      mailto:v.selivanov@lesprom-arh.ru
""", charset="koi8-r", attach=[("akt_1kv2025.xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", attachments.xlsx([["Дата", "Сумма"], [
    "14.03.2025", 4320]]))], via="exim-submission mx.lesprom-arh.ru unknown 203.0.113.120 VICTOR-PC")

page = Mjml("Скидки на садовую технику", "", "ru", colour=("#eef3ea", "#ffffff", "#222222", "#2e7d32"))
page.picture("https://img.sadovod-market.ru/mail/vesna.jpg", "Весна на даче", "https://www.sadovod-market.ru/vesna")
page.heading("Скидка 15% на всё для рассады!")
page.text("Здравствуйте, Людмила!",
    "До конца недели грунт, кассеты и лампы для рассады дешевле на 15 процентов. Доставка по Ярославлю бесплатно от "
    "2 000 ₽.")
for name, price, old in (("Фитолампа 36 Вт", "1 190 ₽", "1 400 ₽"), ("Грунт универсальный, 50 л", "399 ₽", "470 ₽"), (
    "Кассеты 64 ячейки, 10 шт.", "510 ₽", "600 ₽")):
    page.columns(page.p(name), page.p(f"<b>{price}</b> <s>{old}</s>"))
page.button("В магазин", "https://www.sadovod-market.ru/rassada")
page.social("sadovodmarket", "vk", "telegram")
page.small('Вы получили это письмо, так как подписаны на рассылку магазина. <a href="{{unsubscribe}}">Отписаться</a>',
    "ИП Крылов А. В., Ярославль, ОГРНИП 000000000000000")
campaign("ru-shop-garden", UtmPhp, "Садовод-Маркет <news@sadovod-market.ru>", "ludmila.v@volgapochta.example",
    "🌱 Скидка 15% на всё для рассады", "2025-03-05 09:00:00 +0300", page.html(), text="Скидка 15% на всё для "
    "рассады до конца недели.\nhttps://www.sadovod-market.ru/rassada\n\nОтписаться: {{unsubscribe}}\n")

letter("ru-order-status", programs.PHPMAILER, "Интернет-магазин «Чайная лавка» <zakaz@chaylavka.ru>",
    "Д. Ермаков <d.ermakov@uralmail.example>", "Заказ № 3318 передан в службу доставки", "2024-12-12 18:40:09 +0500",
    html='<html><head><meta http-equiv="Content-Type" content="text/html; '
    'charset=windows-1251"></head><body><p>Добрый день, Дмитрий!</p><p>Ваш заказ <b>№ 3318</b> на сумму 2 460 руб. '
    'передан в службу доставки.<br>Трек-номер: 80084400000000.</p><p>Состав: чай «Иван-да-Марья» 2 шт., варенье из '
    'шишек 1 шт.</p><p>Вопросы: +7 (343) 000-00-00, ежедневно с 10 до 20.</p><p>--<br>С уважением, администрация <a '
    'href="http://chaylavka.ru">Чайной лавки</a></p></body></html>', charset="windows-1251", html_cte="base64",
    via="exim-local server12.ru-host.example localhost 127.0.0.1 bitrix", without=("X-Mailer",), headers=[(
    "X-Priority", "3 (Normal)"), ("X-MID", "1188.4471 (12.12.2024 18:40:08)"), ("X-Bitrix-Posting", "1")],
    mid_domain="chaylavka.ru", dkim="mail")

letter("uk-school-notice", programs.GMAIL, "Оксана Гнатюк <hnatiuk@gymnasium5-lutsk.edu.ua.example>",
    "batky-7b@gymnasium5-lutsk.edu.ua.example", "Батьківські збори у четвер", "2025-09-15 13:22:10 +0300",
    "Добрий день, шановні батьки!\n\nУ четвер, 18 вересня, о 18:00 відбудуться батьківські збори 7-Б класу. Порядок "
    "денний: графік чергувань, екскурсія до Львова, укриття в разі тривоги.\n\nХто не може прийти, підключайтеся "
    "онлайн: https://meet.gymnasium5-lutsk.edu.ua.example/7b\n\nЗ повагою,\nОксана Гнатюк\n", dkim="google")

page = Unlayer("Ваш рахунок", "", "uk", colour=("#eef5ff", "#ffffff", "#12263f", "#005bbb"))
page.heading("Рахунок за листопад", 2)
page.text("Шановний абоненте!",
    "Сума до сплати за електроенергію: <b>642,18 грн</b>. Термін сплати: до 20 грудня. Особовий рахунок 220011874.")
page.button("Сплатити онлайн", "https://kabinet.volyn-energo.com.ua/pay?acc=220011874")
page.text("Якщо ви вже сплатили, дякуємо і не зважайте на цей лист.")
page.small("Волиньенергозбут, гаряча лінія 0 800 000 000, безкоштовно.")
campaign("uk-utility", SesNotice, "Волиньенергозбут <rahunok@volyn-energo.com.ua>", "t.kovalchuk@lutskpost.example",
    "Рахунок за листопад 2025", "2025-12-03 07:00:00 +0000", page.html())

# --- Greek, Turkish ------------------------------------------------------------------------------------------------------------------------------
letter("el-outlook", programs.OUTLOOK, "Στέλιος Μαυρίδης <mavridis@elaionas-coop.gr>",
    "Ελένη Παππά <e.pappa@athenspost.example>", "RE: Παραγγελία λαδιού 40 τενεκέδες", "2025-01-14 10:17:52 +0200",
    "Καλημέρα κυρία Παππά,\n\nοι 40 τενεκέδες είναι έτοιμοι. Οξύτητα 0,3, η ανάλυση επισυνάπτεται. Φορτώνουμε την "
    "Πέμπτη με το πλοίο των δύο.\n\nΗ τιμή μένει 98 ευρώ ο τενεκές, όπως συμφωνήσαμε πριν ανέβει.\n\nΜε "
    "εκτίμηση\nΣτέλιος Μαυρίδης\nΑγροτικός Συνεταιρισμός Ελαιώνας, Σητεία\n", lang="el", charset="iso-8859-7",
    attach=[("analysi.pdf", "application/pdf", attachments.pdf("Analysis", ["Acidity 0.3", "K232 1.71",
    "Peroxides 6.2"]))], via="postfix-submission mail.elaionas-coop.gr dsl-77.example 203.0.113.77 SYNETAIRISMOS")

page = Stripo("Ταξίδια", "", "el", colour=("#eef6fb", "#ffffff", "#0b2545", "#d1495b"))
page.picture("https://img.aegeanferries-tickets.gr/nl/kalokairi.jpg", "Καλοκαίρι 2025",
    "https://www.aegeanferries-tickets.gr")
page.heading("Πρώιμη κράτηση: έκπτωση 20%")
page.text(
    "Κλείστε μέχρι τις 30 Απριλίου και ταξιδέψτε στις Κυκλάδες με 20% φθηνότερα. Παιδιά κάτω των πέντε ετών "
    "ταξιδεύουν δωρεάν.")
page.columns(page.card("https://img.aegeanferries-tickets.gr/nl/sifnos.jpg", "Σίφνος", "Από 34,50 €",
    "https://www.aegeanferries-tickets.gr/sifnos", "Κράτηση"), page.card(
    "https://img.aegeanferries-tickets.gr/nl/folegandros.jpg", "Φολέγανδρος", "Από 39,90 €",
    "https://www.aegeanferries-tickets.gr/folegandros", "Κράτηση"))
page.small('Λαμβάνετε αυτό το μήνυμα επειδή εγγραφήκατε στο ενημερωτικό δελτίο. <a href="{{unsubscribe}}">Διαγραφή</a>')
campaign("el-ferries", MailPoet, "Aegean Ferries Tickets <info@aegeanferries-tickets.gr>",
    "k.vlachos@athenspost.example", "Πρώιμη κράτηση: 20% έκπτωση ως 30 Απριλίου", "2025-04-08 11:00:00 +0300",
    page.html())

letter("tr-office", programs.EXCHANGE, "Gülşen Özdemir <gulsen.ozdemir@marmara-tekstil.com.tr>",
    "Fr. Kühn <kuehn@stoffe-kuehn.example>", "Numune kumaşlar / Fabric samples", "2025-02-20 07:45:00 +0000",
    "Merhaba Frau Kühn,\n\nnumuneler bugün kargoya verildi, takip numarası 7741 0088. Ağırlık 180 g/m², en 150 cm. "
    "Fiyat 4,20 €/m, 500 metreden itibaren 3,95 €.\n\nBayramdan önce sipariş verirseniz nisan sonunda teslim "
    "ederiz.\n\nSaygılarımla,\nGülşen Özdemir\nİhracat Sorumlusu\n", lang="tr", charset="windows-1254", attach=[(
    "fiyat_listesi.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", attachments.xlsx([[
    "Kumaş", "EUR/m"], ["Poplin 180", 4.2]]))], via="exchange mail.marmara-tekstil.com.tr MTEX.marmara.local "
    "10.0.1.5")

page = Klyv("Bayram indirimi", "", "tr", colour=("#fff7ed", "#ffffff", "#3b1d0f", "#b45309"))
page.picture("https://cdn.lokumcuhasan.com/mail/bayram.jpg", "Bayramınız kutlu olsun",
    "https://www.lokumcuhasan.com/bayram")
page.heading("Bayram şekerleri %25 indirimli!")
page.text("Sayın Nermin Hanım,",
    "Güllü, fıstıklı ve narlı lokumlarımız bayrama özel kutularında. 500 TL üzeri <b>kargo bedava</b>. Son sipariş "
    "günü 26 Mart.")
page.button("Sepete git", "https://www.lokumcuhasan.com/bayram-kutulari")
page.small(
    'Lokumcu Hasan Gıda San. Tic. Ltd. Şti., MERSİS 0000000000000000. E-posta almak istemiyorsanız <a '
    'href="{{unsubscribe}}">tıklayın</a>.')
campaign("tr-lokum", KlyvService, "Lokumcu Hasan <kampanya@lokumcuhasan.com>", "nermin.aslan@bogazposta.example",
    "Bayram şekerlerinde %25 indirim 🍬", "2025-03-20 09:00:00 +0300", page.html())

# --- Arabic, Hebrew, right to left -------------------------------------------------------------------------------------------------------------------
page = Mjml("إيصال", "", "ar", "rtl", colour=("#f4f6f8", "#ffffff", "#1b2733", "#00796b"),
    font="Tahoma, Arial, sans-serif")
page.heading("تم استلام طلبك", 2)
page.text("مرحباً ليلى،",
    "شكراً لتسوقك من متجر الواحة. رقم طلبك <b>40188</b> وسيصلك يوم الأحد بين الساعة الرابعة والثامنة مساءً.")
page.put(page.row([
    '<table dir="rtl" width="100%" cellpadding="6" border="1" '
    'style="border-collapse:collapse;font-family:Tahoma"><tr><td>تمر سكري ١ كغ</td><td>٣٥ ر.س</td></tr><tr><td>قهوة '
    'عربية ٥٠٠ غ</td><td>٤٢ ر.س</td></tr><tr><td>الإجمالي شاملاً الضريبة</td><td><b>٧٧ ر.س</b></td></tr></table>']))
page.button("تتبع الطلب", "https://www.wahastore.com.sa/orders/40188")
page.small("متجر الواحة، الرياض. الرقم الضريبي 300000000000003")
campaign("ar-order", Stamp, "متجر الواحة <orders@wahastore.com.sa>", "layla.alharbi@najdmail.example",
    "تأكيد الطلب رقم 40188", "2025-05-08 14:02:00 +0300", page.html())

letter("ar-person", programs.OUTLOOK, "سامي الخطيب <s.khatib@levant-arch.com>",
    "مكتب الاستشارات <office@consult-amman.example>", "موعد زيارة الموقع", "2025-06-23 11:11:00 +0300",
    "السلام عليكم،\n\nنقترح زيارة الموقع يوم الأربعاء الساعة العاشرة صباحاً. أرجو إحضار مخطط الطابق الأرضي المعدل، "
    "لأن النسخة التي لدينا لا تظهر الدرج الجديد.\n\nمع الشكر\nسامي الخطيب\n", charset="windows-1256", plain=True,
    via="postfix-submission mail.levant-arch.com host-9.example 203.0.113.9 SAMI-PC")

page = Bee("ניוזלטר", "", "he", "rtl", colour=("#f7f7fb", "#ffffff", "#20243a", "#3f51b5"), font="Arial, sans-serif")
page.heading("מה חדש בספרייה")
page.text("שלום רב,",
    "ביום שלישי 11 בנובמבר בשעה 19:00 תתקיים אצלנו שיחה עם המתרגמת של «האגם השקט». הכניסה חופשית, מספר המקומות "
    "מוגבל.", "שעת סיפור לילדים מתקיימת בכל יום שישי בשעה עשר.")
page.button("להרשמה", "https://www.sifria-hadarim.org.il/events/118")
page.small('קיבלת הודעה זו כי נרשמת לרשימת התפוצה. <a href="{{unsubscribe}}">להסרה</a>')
campaign("he-library", Mautic, "ספריית הדרים <news@sifria-hadarim.org.il>", "noa.bardavid@galilpost.example",
    "שיחה עם המתרגמת ביום שלישי", "2025-11-04 10:00:00 +0200", page.html())

letter("he-outlook-windows1255", programs.EXCHANGE, "דנה לוי <dana.levi@meshek-taburi.co.il>",
    "הנהלת חשבונות <hanhalat@taburi.example>", "חשבונית מס 20418", "2025-03-09 12:00:00 +0000",
    "שלום,\n\nמצורפת חשבונית מס 20418 על סך 1,840 ש\"ח. תנאי תשלום שוטף פלוס 30.\n\nתודה,\nדנה\n",
    charset="windows-1255", attach=[("heshbonit_20418.pdf", "application/pdf", attachments.pdf("Invoice 20418", [
    "Tax invoice 20418", "ILS 1,840"]))], via="exchange mail.meshek-taburi.co.il MTSRV.meshek.local 10.1.1.2")

# --- Hindi, Thai, Vietnamese ---------------------------------------------------------------------------------------------------------------------------------
page = Dark("बिजली बिल", "", "hi", colour=("#f6f6f6", "#ffffff", "#222222", "#b71c1c"))
page.heading("आपका बिजली बिल तैयार है", 2)
page.text("प्रिय सुनीता जी,",
    "मई 2025 का आपका बिल <b>₹1,284</b> है। अंतिम तिथि 22 जून है। समय पर भुगतान करने पर ₹10 की छूट मिलेगी।",
    "उपभोक्ता क्रमांक: 4471 8820 11")
page.button("बिल देखें", "https://portal.narmadavidyut.co.in/bill?cn=4471882011")
page.small("नर्मदा विद्युत वितरण कंपनी, जबलपुर। शिकायत के लिए 1912 डायल करें।")
campaign("hi-electricity", GridNotice, "नर्मदा विद्युत <ebill@narmadavidyut.co.in>",
    "sunita.patel@narmadamail.example", "मई 2025 का बिजली बिल: ₹1,284", "2025-06-05 04:30:00 +0530", page.html(),
    charset="utf-8", word="B")

letter("hi-school", programs.GMAIL, "Kendriya Bal Vidyalaya <office@kbv-sagar.example.org>",
    "parents@kbv-sagar.example.org", "वार्षिक खेल दिवस – 20 दिसंबर", "2025-12-10 16:20:00 +0530",
    "आदरणीय अभिभावक,\n\nवार्षिक खेल दिवस शनिवार, 20 दिसंबर को सुबह 9 बजे से मनाया जाएगा। बच्चों को सफ़ेद जूते और "
    "पानी की बोतल के साथ भेजें।\n\nआपकी उपस्थिति से बच्चों का उत्साह बढ़ेगा।\n\nप्रधानाचार्य\n", dkim="google")

letter("th-booking", programs.PHPMAILER, "โรงแรมริมธาร <booking@rimtharn-hotel.co.th>",
    "คุณวราภรณ์ <waraporn.s@siammail.example>", "ยืนยันการจองห้องพัก RT-20418", "2025-04-01 15:30:00 +0700",
    html='<html><body style="font-family:Tahoma"><p>เรียน '
    'คุณวราภรณ์</p><p>โรงแรมริมธารขอยืนยันการจองของท่าน</p><table border="1" '
    'cellpadding="5"><tr><td>เลขที่การจอง</td><td>RT-20418</td></tr><tr><td>เช็คอิน</td><td>12 เมษายน 2568 หลัง '
    '14.00 น.</td></tr><tr><td>เช็คเอาท์</td><td>15 เมษายน 2568 ก่อน 12.00 น.</td></tr><tr><td>ราคา</td><td>4,500 '
    'บาท รวมอาหารเช้า</td></tr></table><p>ช่วงสงกรานต์ถนนหน้าโรงแรมอาจเปียก '
    'โปรดเตรียมเสื้อผ้าสำรอง</p><p>ขอบคุณค่ะ</p></body></html>', charset="UTF-8", html_cte="base64",
    via="exim-local web3.siamhost.example localhost 127.0.0.1 rimtharn", dkim="default")

letter("th-tis620", programs.OUTLOOK, "สมชาย ใจดี <somchai@jaidee-rubber.co.th>", "anan@latexco.example",
    "ใบเสนอราคายางแผ่น", "2024-09-25 09:05:00 +0700",
    "เรียน คุณอนันต์\n\nตามที่สอบถามราคายางแผ่นรมควันชั้น 3 ขอเสนอราคากิโลกรัมละ 84.50 บาท "
    "ส่งของภายในสิ้นเดือน\n\nสมชาย\n", charset="tis-620", plain=True, cte="base64", via="postfix-submission smtp.jaidee-rubber.co.th "
    "ppp-33.example 203.0.113.33 SOMCHAI")

page = Chimp("Khuyến mãi", "", "vi", colour=("#fff0f0", "#ffffff", "#2b2b2b", "#c62828"))
page.picture("https://cdn.finchimages.net/vn8812/tet-2026.jpg", "Chúc mừng năm mới", "https://www.nhasachdongho.vn/tet")
page.heading("Tết đến rồi, giảm 20% toàn bộ sách thiếu nhi!")
page.text("Chào chị Hương,",
    "Từ nay đến hết ngày 10/2, nhà sách Đông Hồ giảm 20% cho sách thiếu nhi và tặng một phong bao lì xì cho mỗi đơn "
    "từ 200.000đ. Miễn phí giao hàng nội thành Hà Nội.")
page.columns(page.card("https://cdn.finchimages.net/vn8812/de-men.jpg", "Chuyện chú dế", "68.000đ <s>85.000đ</s>",
    "https://www.nhasachdongho.vn/de-men", "Mua ngay"), page.card("https://cdn.finchimages.net/vn8812/trang.jpg",
    "Đêm trăng trên sông", "52.000đ <s>65.000đ</s>", "https://www.nhasachdongho.vn/trang", "Mua ngay"))
page.small('Nhà sách Đông Hồ, phố Tràng Tiền, Hà Nội. <a href="{{unsubscribe}}">Hủy đăng ký</a>')
campaign("vi-bookshop", Finch, "Nhà sách Đông Hồ <tin@nhasachdongho.vn>", "huong.le@hanoimail.example",
    "Tết: giảm 20% sách thiếu nhi + lì xì", "2026-02-02 08:00:00 +0700", page.html())

letter("vi-office", programs.ROUNDCUBE, "Trần Quốc Bảo <bao.tran@thepmienbac.vn>",
    "Phòng kế hoạch <kehoach@thepmienbac.vn>", "Lịch giao hàng tuần 32", "2025-08-01 16:40:00 +0700",
    "Chào các anh chị,\n\nXe số 3 bảo dưỡng đến thứ Tư nên đơn của Hải Phòng chuyển sang thứ Năm. Các đơn khác giữ "
    "nguyên. Ai cần đổi lịch thì báo em trước 10 giờ sáng mai.\n\nBảo\n", via="postfix-local mail.thepmienbac.vn "
    "localhost", dkim="mail")

# --- Chinese, Japanese, Korean --------------------------------------------------------------------------------------------------------------------------------------
letter("zh-foxmail", programs.FOXMAIL, "王丽娟 <wanglijuan@hengtai-valve.cn>", "采购部 <caigou@donghai-pump.example>",
    "回复: DN80阀门报价", "2025-03-12 10:28:33 +0800",
    "张经理，您好：\n\nDN80闸阀含税单价为386元，50台以上可优惠至362元，交货期15天。材质证书和检验报告随货提供。\n\n报价单见附件，有效期30天。如有疑问请随时联系。\n",
    sign="王丽娟\n恒泰阀门有限公司 销售部\n电话：0577-00000000", quote=("采购部 <caigou@donghai-pump.example>", "2025-03-11 16:40",
    "wanglijuan@hengtai-valve.cn", "DN80阀门报价", "王小姐：请报DN80闸阀80台的价格和交期。谢谢！"), lang="zh", charset="gb18030", attach=[(
    "报价单20250312.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", attachments.xlsx([["品名",
    "数量", "单价"], ["DN80闸阀", 80, 362]]))], via="postfix-submission smtp.hengtai-valve.cn unknown 203.0.113.48 WLJ-PC")

page = Unlayer("会员日", "", "zh", colour=("#fff7e6", "#ffffff", "#333333", "#d4380d"), font="'Microsoft YaHei', Arial, "
    "sans-serif")
page.picture("https://img.chayuan-shop.com/edm/20251018.jpg", "秋茶会员日", "https://www.chayuan-shop.com/autumn")
page.heading("秋茶上市，会员专享八折")
page.text("尊敬的会员陈女士：", "今年的秋铁观音已经到店。10月18日至20日，会员购买任意秋茶享受八折优惠，满199元包邮。您当前积分为 <b>1,260</b> 分，可抵12元。")
page.button("立即选购", "https://www.chayuan-shop.com/autumn")
page.text("品茶会：10月25日下午两点，厦门中山路店，名额二十位。")
page.small('如不希望再收到此类邮件，请点击<a href="{{unsubscribe}}">退订</a>。茶园商贸（厦门）有限公司')
campaign("zh-tea-members", Grid, "茶园商城 <vip@chayuan-shop.com>", "chen.yun@xiamenmail.example", "秋茶上市：会员专享八折，满199包邮",
    "2025-10-17 02:00:00 +0000", page.html(), charset="utf-8", word="B")

letter("zh-hant-notice", programs.JAVA, "臺北市立動植物圖書館 <notice@lib-nature.taipei.example.org>",
    "林小姐 <lin.yc@formosamail.example>", "預約圖書到館通知", "2025-07-02 09:00:00 +0800",
    "親愛的讀者林小姐您好：\n\n您預約的圖書《溪流的四季》已到館，請於7月9日前攜帶借閱證至一樓櫃臺領取，逾期將由下一位讀者遞補。\n\n開館時間：週二至週日 "
    "9:00-21:00\n\n本信件由系統自動發送，請勿直接回覆。\n", charset="big5", cte="base64", word="B", via="postfix-lan mx.lib-nature.taipei.example.org "
    "unknown 10.5.5.5 libsys", dkim="lib1")

letter("zh-code", programs.NODE, "云笺 <noreply@yunjian-note.com>", "q.liu@shenzhenmail.example", "【云笺】验证码 739204",
    "2026-01-05 01:12:00 +0000", "您好！\n\n您正在登录云笺，验证码为 739204，10分钟内有效。请勿将验证码告诉他人。\n\n如非本人操作，请忽略此邮件并及时修改密码。\n",
    '<div style="width:520px;margin:0 auto;border:1px solid #eee;padding:30px;font-family:PingFang SC,Microsoft '
    'YaHei"><p>您好！</p><p>您正在登录云笺，验证码为</p><p '
    'style="font-size:28px;color:#1677ff;letter-spacing:8px">739204</p><p>10分钟内有效。请勿将验证码告诉他人。</p><p '
    'style="color:#999;font-size:12px">如非本人操作，请忽略此邮件并及时修改密码。</p></div>', html_cte="base64", text_cte="base64",
    dkim="yj", word="B")

letter("ja-becky", programs.BECKY, "高橋 健一 <takahashi@minato-seiki.co.jp>", "佐々木様 <sasaki@kitakaze.example>",
    "Re: 図面の件", "2025-02-06 11:34:20 +0900", """佐々木様

いつもお世話になっております。湊精機の高橋です。

ご指摘いただいた図面の寸法ですが、こちらの記入間違いでした。
申し訳ございません。正しくは 42.5 mm です。

修正した図面を添付いたしますので、ご確認のほど
よろしくお願いいたします。

On Wed, 5 Feb 2025 17:20:11 +0900
佐々木 <sasaki@kitakaze.example> wrote:

> 穴の位置が 45.2 になっていますが、合っていますか。

----
株式会社湊精機 技術部
高橋 健一 <takahashi@minato-seiki.co.jp>
TEL 078-000-0000
""", charset="iso-2022-jp", refs="20250205172011.88@kitakaze.example", attach=[("MS-1188_rev2.pdf", "application/pdf",
    attachments.pdf("MS-1188 rev.2", ["42.5 mm"]))], via="postfix-submission mail.minato-seiki.co.jp "
    "p118.dsl.example 203.0.113.118 [192.168.11.6]")

letter("ja-mailmagazine", dataclasses.replace(programs.PERL, charset="iso-2022-jp", text_cte="7bit", word="B"),
    "山の道具店 <magazine@yamadogu.jp>", "reader@yamadogu.jp", "【山の道具店】秋の新着と修理受付のお知らせ Vol.212",
    "2025-09-19 18:00:00 +0900", """━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
　山の道具店 メールマガジン　Vol.212
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━

こんにちは、店長の小林です。
今朝は店の前の気温が九度まで下がりました。

◆ 秋の新着
　・軽量ストーブ「火種」　　　8,800円（税込）
　・ウールの手袋　　　　　　　3,960円（税込）
　http://www.yamadogu.jp/new/

◆ 修理受付
　登山靴のソール張替えは、10月10日までのお預かりで
　11月末のお渡しになります。

◆ 送料無料キャンペーン
　今月末まで、5,000円以上のお買い上げで送料無料！

───────────────────────────────────
配信停止はこちら
http://www.yamadogu.jp/mm/stop.cgi?m=reader@yamadogu.jp
発行：山の道具店　長野県松本市
───────────────────────────────────
""", headers=[("Precedence", "bulk"), ("List-Unsubscribe",
    "<http://www.yamadogu.jp/mm/stop.cgi?m=reader@yamadogu.jp>")], envelope="mm-error@yamadogu.jp",
    via="qmail mail.yamadogu.jp localhost 127.0.0.1 48")

page = Stripo("ご注文ありがとうございます", "", "ja", colour=("#f4f4f2", "#ffffff", "#333333", "#8d6e63"),
    font="'Hiragino Kaku Gothic ProN', Meiryo, sans-serif")
page.heading("ご注文ありがとうございます", 2)
page.text("森田 様", "このたびは器の店「陶々」をご利用いただき、誠にありがとうございます。下記の内容でご注文を承りました。")
page.put(page.row([
    '<table width="100%" border="1" cellpadding="6" '
    'style="border-collapse:collapse"><tr><td>粉引の飯碗</td><td>2点</td><td '
    'align="right">7,040円</td></tr><tr><td>送料</td><td></td><td '
    'align="right">880円</td></tr><tr><td><b>合計</b></td><td></td><td align="right"><b>7,920円</b></td></tr></table>']))
page.text("発送は5日以内の予定です。作家の手仕事のため、色や形に少しずつ違いがございます。")
page.button("ご注文内容を確認する", "https://www.tohtoh-utsuwa.jp/mypage/order/55120")
page.small("器の店 陶々　岐阜県多治見市　TEL 0572-00-0000")
campaign("ja-order", Plainly, "器の店 陶々 <order@tohtoh-utsuwa.jp>", "morita.a@nagoyamail.example", "【陶々】ご注文の確認（55120）",
    "2025-06-29 21:15:00 +0900", page.html(), program=programs.PHPMAILER, charset="UTF-8", cte="base64", dkim="s1")

letter("ja-account-notice", programs.JAVA, "ひかりネットバンク <info@hikari-netbank.co.jp>", "ito.m@osakamail.example",
    "ログインのお知らせ", "2025-11-21 08:03:12 +0900",
    "伊藤 様\n\nいつもひかりネットバンクをご利用いただきありがとうございます。\n\n下記の内容でログインがありましたので、お知らせいたします。\n\nログイン日時：2025年11月21日 "
    "8時02分\nご利用端末　：スマートフォンアプリ\n\nお心当たりのない場合は、キャッシュカード裏面の電話番号までご連絡ください。\n本メールにはリンクを記載しておりません。\n", charset="UTF-8",
    cte="base64", word="B", via="postfix-lan mta5.hikari-netbank.co.jp unknown 10.90.0.5 notify03", dkim="hnb2024")

letter("ko-office", programs.OUTLOOK, "김민수 <minsu.kim@hangang-parts.co.kr>", "이지은 <jieun.lee@seoulmail.example>",
    "RE: 4월 납품 일정", "2025-04-03 14:20:05 +0900",
    "안녕하세요, 이지은 과장님.\n\n4월 2차 납품은 17일 오전으로 확정되었습니다. 수량은 1,200개이며 성적서를 함께 보내드립니다.\n\n감사합니다.\n김민수 드림\n", lang="ko",
    charset="euc-kr", quote=("이지은 <jieun.lee@seoulmail.example>", "2025년 4월 2일 수요일 오후 5:10",
    "minsu.kim@hangang-parts.co.kr", "4월 납품 일정", "2차 납품일이 언제인가요?"), cte="base64", word="B",
    via="postfix-submission mail.hangang-parts.co.kr unknown 203.0.113.56 KMS-PC")

page = React("배송 안내", "", "ko", colour=("#f5f6f8", "#ffffff", "#222222", "#03a678"))
page.heading("상품이 출발했어요", 2)
page.text("박서연님, 주문하신 상품이 오늘 오후에 출발했습니다. 내일 도착할 예정이에요.")
page.columns(page.img("https://img.namuwajip.co.kr/p/8812.jpg", "원목 선반", 120), page.p(
    "<b>원목 선반 60cm</b><br>38,000원 · 1개"))
page.button("배송 조회", "https://www.namuwajip.co.kr/delivery/20250822-1188")
page.small("나무와집 고객센터 1544-0000, 평일 9시-18시. 이 메일은 발신 전용입니다.")
campaign("ko-shipping", Stamp, "나무와집 <help@namuwajip.co.kr>", "seoyeon.park@busanmail.example", "[나무와집] 상품이 출발했습니다",
    "2025-08-22 07:10:00 +0000", page.html(), word="B")

# --- the rest of Europe and the Americas ------------------------------------------------------------------------------------------------------------------------------
letter("cs-office", programs.THUNDERBIRD, "Vít Novotný <novotny@mlyn-podhradi.cz>",
    "Jana Čermáková <cermakova@pekarstvi.example>", "Re: Žitná mouka – objednávka na květen",
    "2025-04-29 15:50:50 +0200",
    "Dobrý den, paní Čermáková,\n\nžitnou hladkou máme, celkem dvacet pytlů. Přivezeme ve středu 7. května mezi "
    "šestou a osmou ráno. Cena zůstává 16,80 Kč za kilo bez DPH.\n\nS pozdravem\nVít Novotný, Mlýn Podhradí\n",
    charset="windows-1250", quote=("Jana Čermáková", "29.4.2025", "", "",
    "Dobrý den, máte ještě žitnou? Potřebovala bych 15 pytlů.", "Dne 29. 04. 25 v 14:12 Jana Čermáková napsal(a):"),
    lang="cs", refs="c1@pekarstvi.example", via="exim-submission mail.mlyn-podhradi.cz unknown 203.0.113.22 "
    "[192.168.1.20]")

page = Ancient("Výprodej", "", "cs", colour=("#f0f0f0", "#ffffff", "#111111", "#004b93"), font="Tahoma")
page.heading("Výprodej lyží a bot, slevy až 40 %", 1)
page.text("Vážení zákazníci,",
    "sezóna končí a my potřebujeme místo pro kola. Do 31. března vyprodáváme lyže, boty a helmy z půjčovny. Vše "
    "seřízené a nabroušené.", "Lyže dětské od 990 Kč, dospělé od 2 490 Kč. Přijďte si vyzkoušet, kafe je zdarma.")
page.button("Prohlédnout nabídku", "http://www.skisport-jizerky.cz/vyprodej")
page.small(
    'Nechcete-li dostávat novinky, <a href="{{unsubscribe}}">odhlaste se zde</a>. SkiSport Jizerky s.r.o., '
    'Bedřichov 99')
campaign("cs-ski", UtmPhp, "SkiSport Jizerky <obchod@skisport-jizerky.cz>", "m.horak@liberecpost.example",
    "Výprodej lyží: slevy až 40 %", "2025-03-10 17:00:00 +0100", page.html(), dkim=None,
    text="Výprodej lyží a bot do 31. března, slevy až 40 %.\nhttp://www.skisport-jizerky.cz/vyprodej\n\nOdhlášení: "
    "{{unsubscribe}}\n")

letter("pl-invoice", programs.DOTNET, "Faktury Hydro-Serwis <faktury@hydro-serwis.pl>",
    "ksiegowosc@piekarnia-zlotyklos.example", "Faktura FV/2025/04/118", "2025-04-30 16:00:00 +0200",
    "Dzień dobry,\n\nw załączeniu przesyłamy fakturę FV/2025/04/118 na kwotę 861,00 zł brutto, termin płatności "
    "14.05.2025.\n\nProsimy o podanie numeru faktury w tytule przelewu.\n\nPozdrawiamy\nHydro-Serwis Sp. z o.o., "
    "Bydgoszcz\n", charset="utf-8", attach=[("FV_2025_04_118.pdf", "application/pdf", attachments.pdf(
    "FV/2025/04/118", ["Hydro-Serwis", "861,00 PLN"]))], via="postfix-lan mail.hydro-serwis.pl unknown 192.168.4.4 "
    "SUBIEKT")

letter("pl-friend", programs.IPHONE, "Kasia Wrona <kasia@wrona-design.pl>", "Ola <ola.m@warszawapoczta.example>",
    "Re: niedziela", "2025-10-03 21:40:12 +0200",
    "Pewnie! Wezmę pierogi od mamy, a Ty może chleb? Spotkajmy się o 11 pod latarnią, tylko tym razem naprawdę o 11 "
    ";)\n\nWysłane z iPhone'a\n", via="haraka smtp.wrona-design.pl 31.mobile.example 203.0.113.31 smtpclient.apple")

letter("es-clinic", programs.SYMFONY, "Clínica Veterinaria Los Álamos <citas@vetlosalamos.es>",
    "Pilar Cano <pilar.cano@correolibre.example>", "Recordatorio: vacuna de Canela el jueves",
    "2025-05-13 10:00:00 +0200",
    "Hola, Pilar:\n\nCanela tiene cita para su vacuna anual el jueves 15 de mayo a las 17:30. Traiga la cartilla, "
    "por favor.\n\nSi no puede venir, responda a este mensaje o llámenos al 976 000 000.\n\nUn saludo (y una "
    "caricia)\nClínica Veterinaria Los Álamos\n",
    '<div style="font-family:Nunito,Arial;border:2px solid '
    '#8bc34a;border-radius:16px;padding:20px;max-width:460px"><h3>🐶 ¡Hola, Pilar!</h3><p><b>Canela</b> tiene cita '
    'para su vacuna anual el <b>jueves 15 de mayo a las 17:30</b>. Traiga la cartilla, por favor.</p><p>Si no puede '
    'venir, responda a este mensaje o llámenos al <a href="tel:+34976000000">976 000 000</a>.</p><p>Un saludo (y '
    'una caricia)<br>Clínica Veterinaria Los Álamos</p></div>', dkim="vet", via="postfix-local app.vetgestion.example "
    "localhost")

letter("es-bank-notice", programs.JAVA, "Caja Rural del Duero <avisos@cajaruraldelduero.es>",
    "D. Anselmo Prieto <a.prieto@correolibre.example>", "Aviso de vencimiento de su depósito a plazo",
    "2025-09-18 07:30:00 +0200",
    "Estimado cliente:\n\nLe informamos de que su depósito a plazo, con número terminado en 8841, vence el 2 de "
    "octubre. Si no nos indica otra cosa, el importe se abonará en su cuenta.\n\nPuede pasar por su oficina o "
    "llamar al 975 000 000. Recuerde que nunca le pediremos sus claves por correo.\n\nAtentamente,\nCaja Rural del "
    "Duero\n", charset="ISO-8859-1", dkim="crd", via="postfix-lan mx.cajaruraldelduero.es unknown 10.30.1.1 avisos")

letter("pt-condominio", programs.OUTLOOK, "Administração Edifício Aurora <adm@aurora-condominios.com.br>",
    "moradores@aurora-condominios.com.br", "Assembleia geral e troca dos elevadores", "2025-06-11 15:12:00 -0300",
    "Prezados condôminos,\n\na assembleia geral será na terça-feira, 24 de junho, às 19h30, no salão de festas. "
    "Pauta: contas de 2024, troca dos elevadores (três orçamentos anexos) e o papagaio do 802.\n\nProcurações podem "
    "ser entregues na portaria.\n\nAtenciosamente,\nA Administração\n", lang="pt", charset="utf-8", attach=[(
    "orcamentos.zip", "application/zip", attachments.archive([("orcamento_a.pdf", attachments.pdf("A", ["R$ 212.000"])),
    ("orcamento_b.pdf", attachments.pdf("B", ["R$ 198.500"]))]))], via="postfix-submission smtp.aurora-condominios.com.br "
    "dsl-5.example 203.0.113.205 ADM01")

letter("pt-newsletter-text", programs.PHPMAILER, "Rádio Clube da Ericeira <ouvintes@radioclube-ericeira.pt>",
    "ouvintes@radioclube-ericeira.pt", "Programação da semana", "2025-03-24 09:00:00 +0000",
    "Olá, boa semana!\n\n2.ª feira, 21h: Fados ao vivo, com a Dona Amélia ao telefone\n4.ª feira, 18h: Mar adentro, "
    "conversa com os pescadores\nSáb., 10h: Bola na trave\n\nOuça em 98.2 FM ou em "
    "https://www.radioclube-ericeira.pt\n\nPara sair da lista responda SAIR.\n", via="exim-local cp4.alojamento.example "
    "localhost 127.0.0.1 radio", headers=[("Precedence", "bulk")])

letter("it-pec-like", programs.ZIMBRA, "Studio Legale Avv. Lucchesi <segreteria@studiolucchesi.it>",
    "Condominio Via Verdi 9 <amministratore@viaverdi9.example>", "Diffida infiltrazioni: riscontro",
    "2024-11-22 16:03:00 +0100",
    "Egregio Amministratore,\n\nin riscontro alla Sua del 15 novembre comunico che il mio assistito accetta la "
    "perizia congiunta, a condizione che si svolga prima delle piogge di dicembre. Propongo mercoledì 4 alle ore "
    "10.\n\nDistinti saluti\nAvv. Lucchesi\n", lang="it", plain=True, attach=[("riscontro.pdf", "application/pdf",
    attachments.pdf("Riscontro", ["Studio Legale Lucchesi"]))], via="postfix-local mail.studiolucchesi.it localhost",
    dkim="default")

letter("nl-municipality", programs.SAP, "Gemeente Waterlanden <geenantwoord@waterlanden.example.org>",
    "m.visser@polderpost.example", "Ontvangstbevestiging aanvraag kapvergunning Z-25-88120",
    "2025-02-05 10:00:00 +0100",
    "Geachte heer/mevrouw Visser,\n\nWij hebben uw aanvraag voor het kappen van een wilg ontvangen op 4 "
    "februari.\nHet zaaknummer is Z-25-88120. U ontvangt binnen acht weken een besluit.\n\nU hoeft nu niets te "
    "doen.\n\nMet vriendelijke groet,\nGemeente Waterlanden\n", dkim="wl")

letter("fr-asso", programs.ROUNDCUBE, "Les Amis du Four Banal <bureau@fourbanal-cevennes.fr>",
    "adherents@fourbanal-cevennes.fr", "Fournée du 1er mai : inscriptions", "2025-04-16 21:30:00 +0200",
    "Bonjour à tous,\n\nle four sera allumé le 30 avril au soir. Première fournée à 7 h, tartes à partir de 11 h. "
    "Merci d'apporter votre pâte DÉJÀ levée et votre bois si vous en avez.\n\nInscription auprès de Josette au 04 "
    "66 00 00 00 ou ici : https://framadate.example.org/fournee-mai\n\nAmicalement,\nle bureau\n",
    via="postfix-local ouvaton-like.example.org localhost", charset="UTF-8")

page = Klyv("Merci", "", "fr", colour=("#f8f5f0", "#ffffff", "#2d2a32", "#6b705c"))
page.heading("Votre avis compte, Solène")
page.text(
    "Vous avez reçu votre lampe il y a dix jours. Tient-elle droit ? Éclaire-t-elle bien ? Dites-le en deux "
    "minutes, en bien ou en mal ; nous publions tout.")
page.button("Donner mon avis", "https://avis.lampes-jourdan.fr/r/2f88c1")
page.text("Pour vous remercier : <b>10 % sur votre prochaine commande</b> avec le code MERCI10, valable trois mois.")
page.small('Lampes Jourdan SARL, Limoges. <a href="{{unsubscribe}}">Se désabonner</a>')
campaign("fr-review-request", KlyvService, "Lampes Jourdan <bonjour@lampes-jourdan.fr>",
    "solene.riou@armorpost.example", "Solène, votre lampe tient-elle droit ?", "2025-11-12 17:30:00 +0100",
    page.html())

letter("hu-person", programs.EVOLUTION, "Szabó Gergely <gergely@szabo-hangszer.hu>",
    "Kiss Tünde <tunde.kiss@dunaposta.example>", "Cselló javítás", "2025-05-19 18:05:00 +0200",
    "Kedves Tünde!\n\nA cselló lába elkészült, a lelket is beállítottam. A javítás 38 000 Ft lett, a vonót ingyen "
    "szőröztem újra. Szombat délelőtt jöhetsz érte.\n\nÜdv,\nGergő\n", dkim="szabo", via="postfix-submission mail.szabo-hangszer.hu "
    "5.digi.example 203.0.113.55 muhely.local")

letter("ro-forum", programs.PHP_MAIL, "Forum Apicultori <noreply@forum-apicultori.ro>",
    "stupina88@carpatipost.example", "Răspuns nou: „Tratament varroa toamna”", "2024-10-07 20:00:00 +0300",
    "Salut, stupina88,\n\nMoldovan_I a răspuns la subiectul „Tratament varroa "
    "toamna”:\n\nhttps://forum-apicultori.ro/t/8812#p44\n\nDacă nu mai vrei notificări, dezactivează-le din "
    "profil.\n", via="exim-local h7.gazduire.example localhost 127.0.0.1 forum")
