"""Where the links lead: one function a way of hiding the target, all with invented labels.  SPDX-License-Identifier: GPL-3.0-or-later

Each takes the mail's draw and recipient and returns a URL.  Free hosts and redirectors have their real names, because rules go by them."""
import base64


def _base64(text):
    return base64.b64encode(text.encode()).decode().rstrip("=")


def lookalike(host, path="/verify"):
    return lambda draw, rcpt: f"https://{host}{path}"


def tracker(host):
    """Paths of senders' click counters: digits and letters without an end."""
    return lambda draw, rcpt: (f"http://{host}/4{draw.letters(6)}{draw.number(99999)}{draw.letters(4)}{draw.number(999)}"
                               f"{draw.letters(12)}33{draw.letters(15).upper()}{draw.number(9999999)}{draw.letters(4).upper()}W12")


def slashes(host):
    return lambda draw, rcpt: f"http://{host}/" + "/".join(draw.letters(20,
                                                                        "abcdefghijkLMNOPQRSTuvwxyz0123456789") for _ in range(7)) + "/"


def base64_path(host):
    return lambda draw, rcpt: f"http://{host}/" + _base64(rcpt + "|" + draw.letters(60)) + "__"


def php_click(host):
    return lambda draw, rcpt: f"http://{host}/r42kc.php?18=2m{draw.letters(15, '0123456789abcdef')}_{draw.number(9999)}.{draw.letters(8)}.A01{draw.letters(30)}"


def control_host(host):
    """Control characters and a letter of another script in the first label, as references and as they are."""
    return lambda draw, rcpt: (f"http://ð{draw.letters(3)}&#159;{draw.letters(2)}&#156;{draw.letters(2).upper()}{draw.number(99)}.{host}/k2vt.php?"
                               f"18=2m{draw.letters(15, '0123456789abcdef')}_{draw.letters(9)}.{draw.letters(20)}")


def with_rcpt(url):
    return lambda draw, rcpt: url + rcpt


def with_rcpt_base64(url):
    return lambda draw, rcpt: url + _base64(rcpt)


def hacked(site, path="wp-content/plugins/seo-helper/inc/l.php?id="):
    """A page laid into somebody's WordPress."""
    return lambda draw, rcpt: f"http://{site}/{path}{draw.letters(10, '0123456789abcdef')}"


def gcs(draw, rcpt):
    return (f"https://storage.googleapis.com/{draw.letters(15)}/{draw.letters(10)}.html#"
            + "/".join(draw.letters(18, "abcdefghijkLMNOPQRSTuvwxyz0123456789") for _ in range(5)))


def gcs_counted(draw, rcpt):
    return f"https://storage.googleapis.com/{draw.letters(18)}/{draw.letters(14)}.html#cl/{draw.number(9999)}_md/3/{draw.number(999999)}/2029/587/{draw.letters(24, '0123456789abcdef')}"


def blob(draw, rcpt):
    return f"https://{draw.letters(12)}.blob.core.windows.net/$web/{draw.letters(8)}.html?sp=r&sv=2022-11-02#{rcpt}"


def static_site(draw, rcpt):
    return f"https://{draw.letters(14)}.z13.web.core.windows.net/?bcda=1-888-555-0142"


def s3(draw, rcpt):
    return f"https://{draw.letters(16)}.s3.us-east-005.backblazeb2.com/{draw.letters(9)}.html#{draw.number(99999)}"


def r2(draw, rcpt):
    return f"https://pub-{draw.letters(32, '0123456789abcdef')}.r2.dev/index.html#{rcpt}"


def ipfs(draw, rcpt):
    return f"https://ipfs.io/ipfs/bafybei{draw.letters(52, 'abcdefghijklmnopqrstuvwxyz234567')}/owa.html#{rcpt}"


def free(host, path="/"):
    """A label of the sender's at a free host."""
    return lambda draw, rcpt: f"https://{draw.letters(9)}-{draw.number(9999)}.{host}{path}"


def at(url):
    """A service's address with a token behind it."""
    return lambda draw, rcpt: url + draw.letters(22, "abcdefghijkLMNOPQRSTuvwxyz0123456789")


def short(host, count=7):
    return lambda draw, rcpt: f"https://{host}/{draw.letters(count, 'abcdefghijkLMNOPQRSTuvwxyz0123456789')}"


TARGET = "portal-updates-center.top/session"


def google_url(draw, rcpt):
    return f"https://www.google.com/url?sa=t&rct=j&q=&esrc=s&source=web&url=https%3A%2F%2F{TARGET.replace('/', '%2F')}&usg=AOvVaw{draw.letters(16)}"


def google_amp(draw, rcpt):
    return f"https://www.google.com/amp/s/{TARGET}/{draw.letters(8)}"


def translate(draw, rcpt):
    return f"https://translate.google.com/translate?sl=auto&tl=en&hl=en&u=test.{TARGET}/login.php?click=m_{draw.letters(6)}%26id={rcpt}"


def bing(draw, rcpt):
    return f"https://www.bing.com/ck/a?!&&p={draw.letters(48, '0123456789abcdef')}&ptn=3&ver=2&hsh=4&u=a1{_base64('https://' + TARGET)}&ntb=1"


def youtube(draw, rcpt):
    return f"https://www.youtube.com/redirect?event=video_description&redir_token={draw.letters(60)}&q=https%3A%2F%2F{TARGET}"


def doubleclick(draw, rcpt):
    return f"https://adclick.g.doubleclick.net/pcs/click?xai=AKAOjs{draw.letters(40)}&adurl=//{TARGET}#{rcpt}"


def linkedin(draw, rcpt):
    return f"https://www.linkedin.com/slink?code={draw.letters(8, 'abcdefghLMNOPQ0123456789')}"


def facebook(draw, rcpt):
    return f"https://l.facebook.com/l.php?u=https%3A%2F%2F{TARGET}%3Fe%3D{rcpt}&h=AT{draw.letters(40)}"


def user_at(draw, rcpt):
    """What stands before the @ is read as the host by people."""
    return f"https://login.microsoftonline.com@{draw.letters(8)}.{TARGET.split('/')[0]}/{draw.letters(6)}"


def ip(draw, rcpt):
    return f"http://203.0.113.{draw.number(250) + 1}:8080/{draw.letters(6)}/index.php?user={rcpt}"


def xip(draw, rcpt):
    return f"http://{draw.letters(8)}.203-0-113-{draw.number(250) + 1}.cloud-xip.com/4{draw.letters(30, 'abcdefghLMNOPQ0123456789')}"


def puny(draw, rcpt):
    return "https://xn--mcrosoft-tkb.xn--support-9ya.com/account"


def long_host(draw, rcpt):
    return f"https://www-sparkasse-de-kundenservice-sicherheit-{draw.letters(12)}.login-{draw.letters(20, '0123456789abcdef')}.com/de"


def mailto(boxes="support.desk.acc0unt@gmail.com", subject="Report The User"):
    return lambda draw, rcpt: f"mailto:{boxes}?&cc={boxes}&subject={subject.replace(' ', '+')}&body={subject.replace(' ', '%20')}"


def tel(number="+18885550142"):
    return lambda draw, rcpt: f"tel:{number}"
