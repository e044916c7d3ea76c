"""More languages, in the charsets and encodings that their programs still choose.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import attachments, programs
from .mails import letter
from .pages import Bee, Chimp, Mjml, Unlayer
from .services import GridNotice, Plainly, SesNotice, Stamp, UtmPhp, campaign

# --- Japanese, Korean, Chinese --------------------------------------------------------------------------------------------------------
letter("ja-iso2022-meeting", programs.BECKY, "中村 健 <nakamura@hoshino-seiki.example>", "佐藤様 <sato@aoba-kogyo.example>",
    "打ち合わせ日程の件",
    "2025-04-08 10:20:00 +0900", "佐藤様\n\nお世話になっております。星野精機の中村です。\n\n来週の打ち合わせですが、木曜日の午後二時からではいかがでしょうか。\n図面は前日までにお送りします。\n\n"
    "よろしくお願いいたします。\n", charset="iso-2022-jp", text_cte="7bit")

letter("ja-sjis-reservation", programs.PHP_MAIL, "温泉旅館 松の屋 <yoyaku@matsunoya-onsen.example>", "tanaka@kumomail.example",
    "ご予約確認（11月3日）",
    "2025-10-01 18:00:00 +0900", "田中様\n\nこの度はご予約ありがとうございます。\n\n十一月三日 一泊二食付き "
    "二名様\n露天風呂は朝五時からご利用いただけます。\n\nお気をつけてお越しくださいませ。\n松の屋 女将\n",
    charset="shift_jis", text_cte="base64", word_charset="iso-2022-jp")

letter("ja-password-notice", programs.JAVA, "つばめ会員センター <info@tsubame-member.example>", "y.mori@kumomail.example",
    "パスワード変更完了のお知らせ",
    "2026-02-01 09:12:00 +0900", "森 様\n\n会員サイトのパスワードが変更されました。\nお心当たりのない場合は、会員証裏面の番号までお電話ください。\n\n※本メールは送信専用です。\n",
    charset="iso-2022-jp", text_cte="7bit")

page = Chimp("秋の新米", "新米が届きました", "ja")
page.heading("新米、送料無料で")
page.text("山形の農家から新米が届きました。今週末までのご注文は送料無料です。五キロ入り三千二百円、精米は当日行います。")
page.button("注文する", "https://www.komedokoro.example/shinmai")
page.small('<a href="{{unsubscribe}}">配信停止</a>', "米どころ本舗")
campaign("ja-rice-shop", Stamp, "米どころ本舗 <mail@komedokoro.example>", "s.abe@kumomail.example", "【送料無料】新米コシヒカリ入荷",
    "2025-10-09 07:00:00 +0900", page.html())

letter("ko-euckr-school", programs.OUTLOOK, "한빛초등학교 <office@hanbit-school.example>", "학부모 <parents@hanbit-school.example>",
    "가을 운동회 안내", "2025-09-24 14:00:00 +0900",
    "학부모님께\n\n10월 2일 목요일 오전 아홉 시에 운동장에서 가을 운동회가 열립니다. 도시락과 물을 준비해 주세요. 비가 오면 체육관에서 합니다.\n\n감사합니다.\n", lang="ko",
    charset="euc-kr", plain=True)

campaign("ko-verify-code", GridNotice, "달빛서점 <noreply@dalbit-books.example>", "minji@namumail.example", "[달빛서점] 인증번호 안내",
    "2025-12-03 21:10:00 +0900",
    '<html><body><h3>인증번호 402917</h3><p>회원가입 화면에 위 번호를 입력해 주세요. 번호는 삼 분 동안 유효합니다.</p><p style="color:#888">본인이 요청하지 않았다면 이 '
    '메일을 무시하셔도 됩니다.</p></body></html>')

letter("zh-gb18030-invoice", programs.FOXMAIL, "李娜 <lina@hengda-fastener.example>", "采购部 <buyer@anchor-tools.example>",
    "五月份对账单", "2025-06-03 09:05:00 +0800",
    "王经理：\n\n您好！五月份的对账单见附件，请核对。如无问题请盖章回传，我们本周开发票。\n\n螺栓 M12 那批下周二发货，快递单号另行通知。\n\n李娜\n", charset="gb18030",
    attach=[("对账单.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", attachments.xlsx([["M12",
    20000], ["M8", 5000]]))])

letter("zh-big5-temple", programs.THUNDERBIRD, "慈雲寺 <office@ciyun-temple.example.org>",
    "信眾 <friends@ciyun-temple.example.org>", "中秋法會及素齋", "2025-09-18 16:00:00 +0800",
    "各位善信：\n\n中秋法會訂於十月六日上午九時舉行，會後備有素齋。請於九月底前登記人數，隨喜功德，不設定價。\n\n知客師 合十\n", charset="big5", text_cte="base64", lang="zh")

# --- Cyrillic ---------------------------------------------------------------------------------------------------------------------------
letter("ru-koi8-dacha", programs.MUTT, "Фёдор Лапин <lapin@sosnovka.example>", "sosedi@sosnovka.example", "Вода в посёлке",
    "2025-05-03 20:15:00 +0300",
    "Соседи,\n\nнасос починили, воду дадут в субботу с утра. Откройте краны постепенно, чтобы не сорвало шланги. С каждого "
    "участка по триста рублей за подшипник.\n\nФёдор\n", charset="koi8-r", text_cte="8bit")

letter("ru-1251-bank", programs.JAVA, "Уральский земельный банк <info@uralzembank.example>", "o.belova@uralmail.example",
    "Выписка по карте за ноябрь", "2025-12-01 06:00:00 +0500",
    "Уважаемая Ольга Игоревна!\n\nВыписка по карте *4410 готова в мобильном приложении. Никому не сообщайте код из "
    "сообщений, даже сотрудникам банка.\n\nЛицензия 0000\n",
    charset="windows-1251", text_cte="base64")

campaign("ru-cinema", UtmPhp, "Кинотеатр «Луч» <afisha@luch-kino.example>", "vera@volgapochta.example", "Афиша на выходные и "
    "билеты по 200 ₽", "2025-02-20 12:00:00 +0300",
    '<html><body><h2>В субботу смотрим старое кино</h2><p>Вера, в полдень покажем комедию с живым тапёром. Первые тридцать '
    'билетов по двести рублей, потом по триста.</p>'
    '<p><a href="https://luch-kino.example/afisha">Вся афиша</a> | <a href="{{unsubscribe}}">Не '
    'присылать</a></p></body></html>', text=False)

letter("uk-1251-invoice", programs.THE_BAT, "ФОП Марченко <marchenko@drukarnia.example>", "zamovnyk@poltavamail.example",
    "Рахунок за візитки", "2025-03-18 11:30:00 +0200",
    "Доброго дня!\n\nРахунок за тисячу візиток у вкладенні, 1 250 гривень. Після оплати друкуємо за два дні, якщо буде "
    "світло.\n\nМарченко\n", charset="windows-1251",
    attach=[("rahunok.pdf", "application/pdf", attachments.pdf("Rahunok", ["1250.00 UAH"]))])

letter("uk-volunteers", programs.GMAIL, "Соломія <solomiia@dopomoga.example.org>", "druzi@dopomoga.example.org",
    "Збір на генератор закрито!!!", "2025-01-25 22:00:00 +0200",
    "Друзі, ми це зробили! Вісімдесят тисяч зібрано за чотири дні, генератор уже їде до лікарні. Звіт з чеками у вівторок. "
    "Дякую кожному, обіймаю 💛💙\n", dkim="google")

# --- Greek, Arabic, Hebrew, Hindi, Turkish --------------------------------------------------------------------------------------------
letter("el-8859-accountant", programs.OUTLOOK, "Λογιστικό Γραφείο Ντούρου <info@ntourou.example>",
    "pelatis@athenspost.example", "Δήλωση ΦΠΑ", "2025-07-21 13:00:00 +0300",
    "Καλημέρα σας,\n\nη δήλωση του τριμήνου υποβλήθηκε. Το ποσό είναι 840 και πληρώνεται ως το τέλος του μήνα, σε δύο δόσεις "
    "αν θέλετε.\n\nΜαρία Ντούρου\n", lang="el", charset="iso-8859-7", plain=True)
campaign("el-water-bill", SesNotice, "Δήμος Αγίου Νείλου <nero@agiosneilos.example>", "g.lekkas@athenspost.example",
    "Νέος λογαριασμός ύδρευσης", "2025-09-05 08:00:00 +0300",
    '<html lang="el"><body><p>Αγαπητέ δημότη,</p><p>εκδόθηκε ο λογαριασμός νερού: <b>31,60 €</b>, λήξη 30 Σεπτεμβρίου. '
    'Πληρώνεται στο ταμείο ή <a href="https://agiosneilos.example/nero">εδώ</a>.</p></body></html>')

letter("ar-1256-clinic", programs.DOTNET, "عيادة النخيل <clinic@alnakheel.example>", "m.saleh@gulfmail.example",
    "تذكير بموعدك", "2025-11-12 09:00:00 +0300",
    "السيد محمد صالح المحترم،\n\nنذكركم بموعدكم مع طبيب الأسنان يوم الأحد الساعة العاشرة صباحا. يرجى الحضور قبل ربع ساعة "
    "وإحضار بطاقة التأمين.\n\nعيادة النخيل\n", charset="windows-1256", text_cte="base64")
page = Unlayer("عروض رمضان", "توصيل مجاني", "ar", "rtl")
page.heading("عروض رمضان حتى نهاية الأسبوع")
page.text("تمر المجدول والقهوة العربية بخصم عشرين بالمئة، والتوصيل مجاني داخل المدينة. رمضان كريم من عائلة المتجر.")
page.button("تسوق الآن", "https://tamrwaqahwa.example/ramadan")
page.small('<a href="{{unsubscribe}}">إلغاء الاشتراك</a>')
campaign("ar-dates-shop", Stamp, "تمر وقهوة <salam@tamrwaqahwa.example>", "huda@gulfmail.example", "🌙 خصم ٢٠٪ وتوصيل مجاني",
    "2025-03-02 15:00:00 +0300", page.html())

letter("he-building-committee", programs.GMAIL, "ועד הבית <vaad@harduf12.example>", "dayarim@harduf12.example",
    "המעלית תושבת ביום שני", "2025-06-15 19:00:00 +0300",
    "שכנים יקרים,\n\nטכנאי המעליות מגיע ביום שני בשמונה בבוקר, והיא תושבת עד הצהריים. מי שעוד לא שילם ועד לחודש מאי מתבקש "
    "להעביר עד סוף השבוע.\n\nתודה, רותי מקומה ג\n")
letter("he-8859-8-receipt", programs.PHPMAILER, "מאפיית השכונה <order@maafia.example>", "noa@negevmail.example",
    "קבלה על הזמנה 771", "2025-12-05 07:30:00 +0200",
    "שלום נועה,\n\nההזמנה מוכנה לאיסוף: שתי חלות ועוגת שמרים. סך הכול 96 שקלים, שולם באשראי. שבת שלום!\n",
    charset="iso-8859-8", text_cte="base64")

letter("hi-bank-alert", programs.JAVA, "ग्राम सहकारी बैंक <suchna@gramsahkari.example>", "r.yadav@gangamail.example",
    "आपके खाते में राशि जमा हुई", "2025-08-01 11:00:00 +0530",
    "प्रिय श्री यादव,\n\nआपके खाते में 4,500 रुपये जमा हुए हैं। बैंक कभी भी फोन पर पिन या ओटीपी नहीं पूछता। शाखा सोमवार से "
    "शनिवार दस बजे खुलती है।\n\nशाखा प्रबंधक\n", text_cte="base64")
letter("hi-wedding", programs.SAMSUNG, "Meera Joshi <meera@parivar.example>", "सब <sab@parivar.example>",
    "शादी की तारीख पक्की", "2025-10-22 20:40:00 +0530",
    "सबको नमस्ते, तारीख पक्की हो गई है, 4 फरवरी। होटल मामाजी देख रहे हैं, कपड़े दिल्ली से आएंगे। जल्दी से टिकट बुक कर लो!\n",
    charset="utf-8")

letter("tr-8859-9-dues", programs.ROUNDCUBE, "Çamlık Sitesi Yönetimi <yonetim@camliksitesi.example>",
    "sakinler@camliksitesi.example", "Aidat borcu hatırlatması", "2025-04-21 10:00:00 +0300",
    "Sayın sakinlerimiz,\n\nnisan ayı aidatını henüz yatırmayanların hafta sonuna kadar ödemesini rica ederiz. Asansör "
    "bakımı için para gerekiyor. Gecikenlere faiz işletmiyoruz ama merdiven çıkarız.\n\nYönetim\n", charset="iso-8859-9")

# --- Poland, France, Spain, Portugal, Italy, the Netherlands ---------------------------------------------------------------------------
letter("pl-8859-2-insurer", programs.DOTNET, "Towarzystwo Bursztyn <polisy@bursztyn-ubezpieczenia.example>",
    "j.zajac@wislamail.example", "Kończy się Twoja polisa OC", "2025-05-26 07:00:00 +0200",
    "Szanowny Panie Jerzy,\n\npolisa samochodu kończy się 15 czerwca. Jeżeli nic Pan nie zrobi, odnowi się sama na kolejny "
    "rok, składka 612 złotych. Chce Pan zmienić ubezpieczyciela? Proszę wysłać wypowiedzenie najpóźniej dzień wcześniej.\n",
    charset="iso-8859-2", text_cte="8bit")
page = Bee("Code de connexion", "", "fr")
page.heading("Votre code : 553 108")
page.text("Bonjour, quelqu'un, vous sans doute, essaie d'ouvrir votre espace famille. Saisissez ce code dans les dix "
    "minutes. La mairie ne vous le demandera jamais par téléphone.")
campaign("fr-mairie-code", GridNotice, "Mairie de Saint-Ouzel <ne-pas-repondre@saint-ouzel.example>",
    "a.benali@loiremail.example", "553 108 est votre code", "2025-08-27 12:00:00 +0200", page.html())
letter("fr-8859-relance", programs.PHP_MAIL, "Plomberie Vasseur <compta@plomberie-vasseur.example>", "syndic@garonne.example",
    "RELANCE facture F-2025-077", "2025-06-30 09:00:00 +0200",
    "Madame, Monsieur,\n\nsauf erreur de notre part, la facture F-2025-077 (318 euros) reste impayée depuis le 15 mai. Merci "
    "de nous adresser un chèque sous huitaine, ou de nous appeler si quelque chose fuit encore.\n\nLe secrétariat\n",
    charset="iso-8859-1", via="exim-local mutu3.hebergeur.example localhost 127.0.0.1 vasseur")
letter("es-1252-gestoria", programs.OUTLOOK, "Gestoría Peñalver <fiscal@gestoriapenalver.example>",
    "bar.manolo@sevillamail.example", "Modelo 303, último aviso antes del cierre", "2025-07-17 13:30:00 +0200",
    "Buenos días Manolo:\n\nel plazo acaba el domingo y me siguen faltando las facturas de la cerveza. Mándamelas hoy o "
    "presentamos sin ellas y pagas de más.\n\nUn saludo,\nCharo\n", lang="es", charset="windows-1252")
page = Mjml("¡Bienvenida!", "Confirma tu correo", "es")
page.heading("¡Bienvenida, Lucía!")
page.text("Ya casi eres socia de la biblioteca de herramientas. Confirma tu correo y podrás reservar el taladro, la escalera "
    "o la máquina de churros.")
page.button("Confirmar mi correo", "https://herramienteca.example/confirmar/61f0a")
campaign("es-tool-library", Plainly, "La Herramienteca <hola@herramienteca.example>", "lucia@sevillamail.example",
    "Confirma tu cuenta", "2025-10-14 18:00:00 +0200", page.html())
letter("pt-br-boleto", programs.PHPMAILER, "Escola Sabiá <financeiro@escolasabia.example>", "responsavel@praiamail.example",
    "Seu boleto de agosto está disponível", "2025-08-01 08:00:00 -0300",
    "Prezada Cláudia,\n\nsegue em anexo o boleto da mensalidade do Davi, vencimento dia 10. Antes de pagar confira o nome do "
    "beneficiário: Escola Sabiá Ltda. Se já pagou, desconsidere.\n",
    attach=[("boleto.pdf", "application/pdf", attachments.pdf("Boleto", ["Vencimento 10/08/2025", "R$ 740,00"]))],
    charset="iso-8859-1")
letter("it-banca-avviso", programs.JAVA, "Cassa Rurale Valbruna <avvisi@cassavalbruna.example>", "s.gallo@padanamail.example",
    "Avviso di addebito bollo auto", "2025-01-31 06:10:00 +0100",
    "Gentile Cliente,\n\nil 31 gennaio abbiamo addebitato 172,40 euro per il bollo. Trova la ricevuta nell'area riservata. "
    "Per sua sicurezza questo messaggio non contiene collegamenti.\n", dkim="cr")
letter("nl-sportclub", programs.PHPMAILER, "VV De Meeuwen <secretaris@vvdemeeuwen.example>", "leden@vvdemeeuwen.example",
    "KAMPIOENEN!!!!!", "2025-05-25 17:45:00 +0200",
    "WE HEBBEN HET GEFLIKT!!!!! 3-2 in de laatste minuut, Henk van rechts, met zijn verkeerde been!\n\nFeest in de kantine "
    "tot de burgemeester belt. Eerste vat is van de sponsor.\n\nHet bestuur\n")
