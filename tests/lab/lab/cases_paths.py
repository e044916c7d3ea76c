"""Cases whose mail goes another way than the plain link (paths.py): real fragments, real tunnels."""
from .cases import MX, MX6, QUIT, UNI, UNI6, WEB, WEB2, case, plan, step
from .letters import paragraph, plain

WEB6 = "2001:db8:10:10::25"


@case("IPv4 fragments: DF clear, and a router with a link of 1,000 bytes before the servers; Postfix, Exim, swaks and "
      "smtplib to Postfix and Exim, accepted and refused", path="narrow")
def fragments(c):
    long = {"body": paragraph("fragments", 600)}
    sender = "cut1@shop.example"
    c.postfix(sender, ["ann@dest.example", "nobody@dest.example"], plain("cut1", sender, "ann@dest.example", "Your order", **long))
    sender = "cut2@bakery.example"
    c.exim(sender, ["prof@uni.example"], plain("cut2", sender, "prof@uni.example", "Your order", **long))
    sender = "cut3@club.example"
    c.swaks(WEB2, MX, sender, "bob@dest.example", plain("cut3", sender, "bob@dest.example", "Your order", **long))
    c.smtplib(plan(WEB, UNI, step("send", "cut4", ["dean@uni.example"], "Cheap pills", **long),
                   step("send", "cut5", ["dean@uni.example"], **long), QUIT))


@case("VXLAN, its datagrams cut to fit a link of 1,000 bytes; inside IPv4 and IPv6, smtplib to "
      "Postfix and Exim, accepted and refused", path="vxlan")
def vxlan(c):
    long = {"body": paragraph("vxlan", 600)}
    for n, (client, mx, uni) in enumerate(((WEB, MX, UNI), (WEB6, MX6, UNI6))):
        c.smtplib(plan(client, mx, step("send", f"tunnel{n}", ["ann@dest.example", "nobody@dest.example"], **long), QUIT),
                  plan(client, uni, step("send", f"tunnel{n + 2}", ["prof@uni.example"], "Cheap pills", **long),
                       step("send", f"tunnel{n + 4}", ["prof@uni.example"], **long), QUIT))
