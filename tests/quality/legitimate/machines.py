"""What machines report: cron, monitoring, backups, builds, reviews, trackers, forums.  SPDX-License-Identifier: GPL-3.0-or-later"""
from . import attachments, programs
from .mails import letter

letter("machine-cron", programs.SHELL, "root@db3.intern.weberei-held.de (Cron Daemon)", "root@weberei-held.de",
    "Cron <root@db3> /usr/local/sbin/pg_dump_all", "2025-03-30 03:15:04 +0200", """pg_dump: warning: there are circular \
foreign-key constraints on this table:
pg_dump: detail: auftrag
pg_dump: hint: You might not be able to restore the dump without using --disable-triggers or temporarily dropping \
the constraints.
pg_dump: hint: Consider using a full dump instead of a --data-only dump to avoid this problem.
/var/backups/pg/auftrag-20250330.sql.zst: 412 MB
done in 211 s
""", envelope="root@db3.intern.weberei-held.de", via="postfix-pickup db3.intern.weberei-held.de localhost 127.0.0.1 "
    "0", order="From To Subject MIME-Version Content-Type Content-Transfer-Encoding * Message-Id Date", headers=[(
    "Auto-Submitted", "auto-generated"), ("Precedence", "bulk"), ("X-Cron-Env", "<SHELL=/bin/sh>"), ("X-Cron-Env",
    "<HOME=/root>"), ("X-Cron-Env", "<PATH=/usr/bin:/bin>"), ("X-Cron-Env", "<LOGNAME=root>")])

letter("machine-logwatch", programs.SHELL, "Logwatch@gate.muehlbach.net", "admin@muehlbach.net",
    "Logwatch for gate (Linux)", "2024-12-09 06:25:13 +0100", """
 ################### Logwatch 7.7 (07/22/22) ####################
        Processing Initiated: Mon Dec  9 06:25:06 2024
        Date Range Processed: yesterday
                              ( 2024-Dec-08 )
                              Period is day.
        Detail Level of Output: 0
        Type of Output/Format: mail / text
        Logfiles for Host: gate
 ##################################################################

 --------------------- fail2ban-messages Begin ------------------------

 Banned services with Fail2Ban:                          Bans:Unbans
    sshd:                                               [ 41:39 ]

 ---------------------- fail2ban-messages End -------------------------

 --------------------- SSHD Begin ------------------------

 Failed logins from:
    192.0.2.17: 212 times
    198.51.100.3: 80 times
    203.0.113.250 (host250.bad.example): 33 times

 Illegal users from:
    192.0.2.17: admin: 90 times, test: 66 times, oracle: 21 times

 Users logging in through sshd:
    heike:
       10.8.0.6: 2 times

 ---------------------- SSHD End -------------------------

 --------------------- Disk Space Begin ------------------------

 Filesystem      Size  Used Avail Use% Mounted on
 /dev/sda2        40G   31G  7.1G  82% /
 /dev/sdb1       1.8T  1.1T  640G  64% /srv

 ---------------------- Disk Space End -------------------------

 ###################### Logwatch End #########################
""", via="postfix-pickup gate.muehlbach.net localhost 127.0.0.1 0", envelope="root@gate.muehlbach.net", headers=[(
    "Auto-Submitted", "auto-generated"), ("Precedence", "bulk")])

letter("machine-nagios", programs.SHELL, "nagios@mon1.kreisklinik-oberau.de", "bereitschaft@kreisklinik-oberau.de",
    "** PROBLEM Service Alert: pacs-store2/Disk /archive is CRITICAL **", "2025-01-18 02:44:51 +0100", """***** Nagios *****

Notification Type: PROBLEM

Service: Disk /archive
Host: pacs-store2
Address: 10.12.40.22
State: CRITICAL

Date/Time: Sat Jan 18 02:44:51 CET 2025

Additional Info:

DISK CRITICAL - free space: /archive 51233 MB (1% inode=98%):
""", via="postfix-pickup mon1.kreisklinik-oberau.de localhost 127.0.0.1 117", without=("MIME-Version", "Content-Type",
    "Content-Transfer-Encoding"))

letter("machine-checkmk", programs.PYTHON, "checkmk@monitor.rz-nordheide.de", "netz@rz-nordheide.de",
    "Check_MK: core-sw-4/Interface 49 UP -> CRIT", "2025-07-02 14:03:22 +0200",
    "Host:     core-sw-4\nAlias:    Verteiler Keller B\nService:  Interface 49\nEvent:    OK -> CRIT\n\nSummary:  "
    "[uplink-dc2], (down)(!!), MAC: 00:00:5E:00:53:17, Speed: 10 GBit/s\n\nTime:     Wed Jul 2 14:03:20 CEST "
    "2025\nPlot:     https://monitor.rz-nordheide.de/prod/check_mk/view.py?host=core-sw-4&service=Interface%2049\n", '''<html>
<head>
<title>Check_MK: core-sw-4/Interface 49</title>
<style>
body, table { font-family: Arial, sans-serif; font-size: 10pt; }
table { border-spacing: 0; }
td { padding: 2px 8px; border-bottom: 1px solid #ddd; }
.stb2 { background-color: #ff0000; color: #fff; } .stb0 { background-color: #13d389; }
</style>
</head>
<body>
<table>
<tr class="even0"><td>Host</td><td><a \
href="https://monitor.rz-nordheide.de/prod/check_mk/view.py?view_name=hoststatus&amp;host=core-sw-4">core-sw-4</a></td></tr>
<tr class="odd0"><td>Service</td><td>Interface 49</td></tr>
<tr class="even0"><td>Event</td><td><span class="stb0">OK</span> &rarr; <span class="stb2">CRIT</span></td></tr>
<tr class="odd0"><td>Summary</td><td>[uplink-dc2], (down)<b class="stb2">CRIT</b>, Speed: 10 GBit/s</td></tr>
<tr class="even0"><td>Graph</td><td><img src="cid:graph-0.png"></td></tr>
</table>
</body>
</html>
''', inline=[("graph-0.png", "graph-0.png", "image/png", attachments.noisy_png("cmk", 120, 40))],
    via="postfix-pickup monitor.rz-nordheide.de localhost 127.0.0.1 999", headers=[("Auto-Submitted",
    "auto-generated"), ("X-Auto-Response-Suppress", "DR,RN,NRN,OOF,AutoReply")])

letter("machine-grafana", programs.GO, "Grafana <grafana@metrics.brickyard.games>", "oncall@brickyard.games",
    "[FIRING:1] matchmaking latency p95 (eu-west game)", "2025-02-08 21:19:00 +0000",
    "1 firing alert instances\n\nmatchmaking latency p95\n  Value: A=812.4\n  Labels: alertname = matchmaking "
    "latency p95, grafana_folder = game, region = eu-west\n  Summary: players wait\n\nView alert: "
    "https://metrics.brickyard.games/alerting/grafana/fe1m0rkq/view?orgId=1\nSilence: "
    "https://metrics.brickyard.games/alerting/silence/new?alertmanager=grafana&matcher=region%3Deu-west\n",
    '''<!doctype html><html xmlns="http://www.w3.org/1999/xhtml" '''
    '''xmlns:v="urn:schemas-microsoft-com:vml"><head><title>[FIRING:1]</title><style type="text/css">#outlook '''
    '''a{padding:0}body{margin:0;padding:0}</style></head><body style="background-color:#111217"><div '''
    '''style="margin:0 auto;max-width:600px;padding:20px"><img '''
    '''src="https://metrics.brickyard.games/public/emails/grafana_icon.png" width="32" alt="Grafana"><table '''
    '''width="100%" style="background:#181b1f;color:#fff;font-family:Inter,Helvetica;margin-top:16px"><tr><td '''
    '''style="padding:16px;border-left:4px solid #e0226e"><h2 style="font-size:18px">🔥 1 firing '''
    '''instances</h2><table style="color:#ccc;font-size:14px"><tr><td>Alert</td><td>matchmaking latency '''
    '''p95</td></tr><tr><td>Region</td><td>eu-west</td></tr><tr><td>Value</td><td>812.4 ms</td></tr></table><p><a '''
    '''href="https://metrics.brickyard.games/alerting/grafana/fe1m0rkq/view?orgId=1" '''
    '''style="background:#3d71d9;color:#fff;padding:8px 16px;text-decoration:none">View alert</a> <a '''
    '''href="https://metrics.brickyard.games/alerting/silence/new?alertmanager=grafana&amp;matcher=region%3Deu-west" '''
    '''style="color:#6e9fff">Silence</a></p></td></tr></table><p '''
    '''style="color:#91929e;font-size:12px;font-family:Inter">© 2025 Grafana Labs. Sent by Grafana '''
    '''v11.5.1.</p></div></body></html>''', via="postfix-lan mta.brickyard.games unknown 10.0.8.40 grafana-0",
    dkim="bg1")

letter("machine-prometheus", programs.GO, "alertmanager@prom.tidewater-iot.com", "ops@tidewater-iot.com",
    "[RESOLVED] DiskWillFillIn4Hours (node-exporter gw-17 warning)", "2025-09-05 11:40:40 +0000",
    html='''<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '''
    '''"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html xmlns="http://www.w3.org/1999/xhtml" '''
    '''style="margin:0"><head style="margin:0"></head><body style="background-color:#f6f6f6;width:100% '''
    '''!important;height:100%"><table style="background-color:#f6f6f6;width:100%"><tr><td width="600" '''
    '''style="display:block !important;max-width:600px !important;margin:0 auto !important"><table width="100%" '''
    '''cellpadding="0" cellspacing="0" style="background-color:#fff;border:1px solid '''
    '''#e9e9e9;border-radius:3px"><tr><td '''
    '''style="font-size:16px;color:#fff;font-weight:500;padding:20px;text-align:center;background-color:#68B90F">1 '''
    '''alert resolved for alertname=DiskWillFillIn4Hours</td></tr><tr><td style="padding:30px"><a '''
    '''href="https://prom.tidewater-iot.com:9093/#/alerts?receiver=ops" '''
    '''style="background-color:#348eda;color:#fff;border-radius:5px;padding:8px 20px;text-decoration:none">View '''
    '''in Alertmanager</a><p><strong>[1] Resolved</strong><br><strong>Labels</strong><br>alertname = '''
    '''DiskWillFillIn4Hours<br>instance = gw-17:9100<br>mountpoint = /var<br>severity = '''
    '''warning<br><strong>Annotations</strong><br>description = somebody cleaned up, thank you<br><a '''
    '''href="http://prometheus-0:9090/graph?g0.expr=predict_linear">Source</a></p></td></tr></table><p '''
    '''style="text-align:center;font-size:12px;color:#999"><a href="https://prom.tidewater-iot.com:9093" '''
    '''style="color:#999">Sent by Alertmanager</a></p></td></tr></table></body></html>''',
    via="postfix-lan smtp.tidewater-iot.com unknown 10.2.2.30 alertmanager-1")

letter("machine-zabbix-ru", programs.SHELL, "zabbix@monitor.sibir-les.ru", "dezhurny@sibir-les.ru",
    "Проблема: Высокая загрузка ЦП на узле 1c-app2", "2025-04-11 10:22:09 +0700",
    "Проблема началась в 10:22:04 2025.04.11\nПроблема: Высокая загрузка ЦП (более 90% в течение 5 мин)\nУзел: "
    "1c-app2\nВажность: Предупреждение\nТекущее значение: 97.4 %\nИсходный ИД проблемы: "
    "4471920\nhttp://10.50.1.5/zabbix/tr_events.php?triggerid=19812&eventid=4471920\n", via="postfix-pickup monitor.sibir-les.ru "
    "localhost 127.0.0.1 112", text_cte="base64")

letter("machine-backup-proxmox", programs.SHELL, "vzdump backup tool <root@pve2.molkerei-angeln.de>",
    "it@molkerei-angeln.de", "vzdump backup status (pve2.molkerei-angeln.de) : backup successful",
    "2025-05-18 04:51:09 +0200", """VMID  NAME        STATUS  TIME     SIZE        FILENAME
101   dc1         OK      6m 41s   41.28 GiB   vm/101/2025-05-18T02:00:03Z
102   erp         OK      31m 2s   212.9 GiB   vm/102/2025-05-18T02:06:44Z
117   telefon     OK      1m 9s    8.11 GiB    ct/117/2025-05-18T02:37:46Z

Total running time: 38m 55s
Total size: 262.290 GiB

Logs
vzdump 101 102 117 --mode snapshot --storage pbs-keller --mailto it@molkerei-angeln.de --quiet 1

101: 2025-05-18 04:00:03 INFO: Starting Backup of VM 101 (qemu)
101: 2025-05-18 04:06:44 INFO: Finished Backup of VM 101 (00:06:41)
""", '''<html><head><title>vzdump</title></head><body>
<table border="1" cellpadding="3" \
style="border-collapse:collapse"><tr><td>VMID</td><td>NAME</td><td>STATUS</td><td>TIME</td><td>SIZE</td></tr><tr><td>101</td><td>dc1</td><td>OK</td><td>6m \
41s</td><td>41.28 GiB</td></tr><tr><td>102</td><td>erp</td><td>OK</td><td>31m 2s</td><td>212.9 \
GiB</td></tr><tr><td>117</td><td>telefon</td><td>OK</td><td>1m 9s</td><td>8.11 GiB</td></tr></table><br>Total \
running time: 38m 55s<br>Total size: 262.290 GiB<br><pre>
vzdump 101 102 117 --mode snapshot --storage pbs-keller --quiet 1
</pre></body></html>''', via="postfix-pickup pve2.molkerei-angeln.de localhost 127.0.0.1 0", headers=[(
    "Auto-Submitted", "auto-generated;")])

letter("machine-backup-veeam", programs.DOTNET, "VEEAM@tischlerei-overbeck.de", "edv@systemhaus-lohne.example",
    "[Warning] Backup Job FS01 (1 objects) 1 warning", "2025-03-05 23:48:00 +0100", html='''<html><head><style>body{font-family:Tahoma}td{font-size:8pt}</style></head><body><table '''
    '''cellspacing="0" cellpadding="0" width="100%" border="0"><tr><td '''
    '''style="border:none;padding:0px;font-family:Tahoma;font-size:12px"><table cellspacing="0" width="100%"><tr '''
    '''style="height:70px"><td '''
    '''style="background-color:#ffd96c;color:White;font-weight:bold;font-size:16px;padding:0 0 15px 15px">Backup '''
    '''job: FS01<div class="jobDescription" style="margin-top:5px;font-size:12px">Created by OVERBECK\\admin at '''
    '''12.02.2023 10:11.</div></td><td style="background-color:#ffd96c;color:White;font-weight:bold" '''
    '''align="right">Warning<div style="font-size:12px">1 of 1 VMs processed</div></td></tr><tr><td colspan="2" '''
    '''style="font-size:12px;background-color:#f3f4f4;padding:5px">Mittwoch, 5. März 2025 '''
    '''22:00:19</td></tr><tr><td>Success 0</td><td>Total size 1,8 TB</td></tr><tr><td>Warning 1</td><td>Data read '''
    '''41,2 GB</td></tr><tr><td>Error 0</td><td>Transferred 12,9 GB</td></tr><tr><td colspan="2">Details: Backup '''
    '''storage E: has less than 10% free space.</td></tr></table></td></tr></table><p '''
    '''style="font-size:10px">Veeam Backup &amp; Replication 12.3.0.310</p></body></html>''',
    via="postfix-lan mail.tischlerei-overbeck.de unknown 192.168.1.11 FS01", without=("Message-Id",),
    sloppy="no Message-ID, as the program leaves it")

letter("machine-raid", programs.SHELL, "mdadm monitoring <root@nas.familie-kirchner.net>",
    "root@nas.familie-kirchner.net", "DegradedArray event on /dev/md0:nas", "2025-10-19 08:00:01 +0200", """This is an automatically generated \
mail message from mdadm
running on nas

A DegradedArray event had been detected on md device /dev/md0.

Faithfully yours, etc.

P.S. The /proc/mdstat file currently contains the following:

Personalities : [raid1]
md0 : active raid1 sdb1[1]
      3906886464 blocks super 1.2 [2/1] [_U]
      bitmap: 11/30 pages [44KB], 65536KB chunk

unused devices: <none>
""", envelope="root@nas.familie-kirchner.net", via="exim-local nas.familie-kirchner.net localhost 127.0.0.1 root",
    without=("MIME-Version", "Content-Type", "Content-Transfer-Encoding"))

letter("machine-unattended-upgrades", programs.PYTHON, "root <root@web2.blumenhaus-elster.de>",
    "webmaster@blumenhaus-elster.de", "[reboot required] unattended-upgrades result for web2: SUCCESS",
    "2025-11-11 06:41:18 +0100", """Unattended upgrade result: All upgrades installed

Warning: A reboot is required to complete this upgrade, or a previous one.

Packages that were upgraded:
 linux-image-amd64 openssl libssl3 php8.2-fpm php8.2-common

Package installation log:
Log started: 2025-11-11  06:40:32
Preparing to unpack .../libssl3_3.0.17-1~deb12u3_amd64.deb ...
Unpacking libssl3:amd64 (3.0.17-1~deb12u3) over (3.0.17-1~deb12u2) ...
Setting up php8.2-fpm (8.2.29-1~deb12u1) ...
NOTICE: Not enabling PHP 8.2 FPM by default.
Log ended: 2025-11-11  06:41:09

Unattended-upgrades log:
Starting unattended upgrades script
Allowed origins are: origin=Debian,codename=bookworm,label=Debian-Security
""", text_cte="7bit", charset="utf-8", via="postfix-pickup web2.blumenhaus-elster.de localhost 127.0.0.1 0",
    headers=[("Auto-Submitted", "auto-generated")])

letter("machine-ups", programs.SHELL, "apcupsd@rack1.zahnarzt-dr-feil.de", "it@zahnarzt-dr-feil.de",
    "UPS ups1 Power Failure !!!", "2024-06-27 17:18:02 +0200",
    "Warning power loss detected.\n\napcupsd UPS ups1 Power Failure !!!\nHOSTNAME : rack1\nSTATUS   : ONBATT\nLINEV "
    "   : 0.0 Volts\nBCHARGE  : 100.0 Percent\nTIMELEFT : 38.0 Minutes\n", sloppy=None, via="sendmail rack1.zahnarzt-dr-feil.de "
    "localhost 127.0.0.1", without=("MIME-Version", "Content-Type", "Content-Transfer-Encoding"))

letter("machine-ci-gitlab", programs.RUBY, "GitLab <gitlab@git.astrolabe-maps.org>", "m.eriksen@astrolabe-maps.org",
    "tile-server | Failed pipeline for feature/hillshade | 4f1c09ab", "2025-06-24 09:12:41 +0000", """Your pipeline has failed.

Project: tile-server ( https://git.astrolabe-maps.org/maps/tile-server )
Branch: feature/hillshade ( https://git.astrolabe-maps.org/maps/tile-server/-/commits/feature/hillshade )

Commit: 4f1c09ab ( https://git.astrolabe-maps.org/maps/tile-server/-/commit/4f1c09abd1 )
Commit Message: Shade hills from the north-west

Commit Author: Mette Eriksen

Pipeline #20914 ( https://git.astrolabe-maps.org/maps/tile-server/-/pipelines/20914 ) triggered by Mette Eriksen
had 1 failed job.

Job #118807 ( https://git.astrolabe-maps.org/maps/tile-server/-/jobs/118807/raw )

Stage: test
Name: render-golden
Trace: FAIL: golden/alps-z12.png differs in 3,112 pixels
ERROR: Job failed: exit code 1
""", '''<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html lang="en" xmlns="http://www.w3.org/1999/xhtml">
<head><title>Failed pipeline</title><style data-premailer="ignore">@media only screen and \
(max-width:600px){body{width:100% !important}}</style></head>
<body style="text-align:center;min-width:640px;width:100%;height:100%;font-family:'Helvetica \
Neue',Helvetica,Arial,sans-serif;margin:0;padding:0" bgcolor="#fafafa">
<table border="0" cellpadding="0" cellspacing="0" id="body" style="text-align:center;min-width:640px;width:100%" \
bgcolor="#fafafa"><tbody><tr class="line"><td style="font-size:4px;line-height:4px" bgcolor="#6b4fbb"></td></tr><tr \
class="header"><td style="padding:25px 0;font-size:13px;color:#5c5c5c"><img alt="GitLab" width="55" \
src="https://git.astrolabe-maps.org/assets/mailers/gitlab_logo.png"></td></tr>
<tr><td><table class="wrapper" style="width:640px;margin:0 auto"><tbody><tr class="alert"><td \
style="border-radius:3px;padding:10px;color:#fff" bgcolor="#d22f57"><img alt="✖" \
src="https://git.astrolabe-maps.org/assets/mailers/ci_pipeline_notif_v1/icon-x-red-inverted.gif"> Pipeline #20914 \
has failed!</td></tr>
<tr><td><table style="border:1px solid #ededed;width:100%;background:#fff"><tr><td>Project</td><td><a \
href="https://git.astrolabe-maps.org/maps">Maps</a> / <a \
href="https://git.astrolabe-maps.org/maps/tile-server">tile-server</a></td></tr><tr><td>Branch</td><td>feature/hillshade</td></tr><tr><td>Commit</td><td><a \
href="https://git.astrolabe-maps.org/maps/tile-server/-/commit/4f1c09abd1">4f1c09ab</a><div>Shade hills from the \
north-west</div></td></tr><tr><td>Author</td><td><img class="avatar" \
src="https://secure.gravatar.com/avatar/8c1e1f?s=48&amp;d=identicon" width="24" height="24"> Mette \
Eriksen</td></tr></table></td></tr>
<tr><td><pre style="text-align:left">FAIL: golden/alps-z12.png differs in 3,112 pixels
ERROR: Job failed: exit code 1</pre></td></tr></tbody></table></td></tr>
<tr class="footer"><td style="font-size:13px;color:#5c5c5c;padding:25px 0"><div>You're receiving this email because \
of your account on <a href="https://git.astrolabe-maps.org">git.astrolabe-maps.org</a>. <a \
href="https://git.astrolabe-maps.org/-/profile/notifications">Manage all notifications</a> · <a \
href="https://git.astrolabe-maps.org/help">Help</a></div></td></tr></tbody></table></body></html>
''', headers=[("X-GitLab-Project", "tile-server"), ("X-GitLab-Project-Id", "88"), ("X-GitLab-Project-Path",
    "maps/tile-server"), ("X-GitLab-Pipeline-Id", "20914"), ("X-GitLab-Pipeline-Status", "failed"), ("Auto-Submitted",
    "auto-generated"), ("X-Auto-Response-Suppress", "All")], reply_to="GitLab <noreply@git.astrolabe-maps.org>",
    via="postfix-local git.astrolabe-maps.org localhost", dkim="mail")

letter("machine-jenkins", programs.JAVA, "jenkins@build.ferrolabs.de", "team-firmware@ferrolabs.de",
    "Build failed in Jenkins: fw-motor » arm-gcc #1188", "2024-09-24 18:07:00 +0200", """See <https://build.ferrolabs.de/job/fw-motor/arm-gcc/1188/display/redirect?page=changes>

Changes:

[d.kruse] PWM: take the dead time from the table


------------------------------------------
[...truncated 812 lines...]
  CC      src/pwm.o
src/pwm.c: In function 'pwm_init':
src/pwm.c:88:21: error: 'DEAD_TIME_NS' undeclared (first use in this function)
   88 |     timer->bdtr |= DEAD_TIME_NS / 12;
      |                     ^~~~~~~~~~~~
make: *** [Makefile:41: src/pwm.o] Error 1
Build step 'Execute shell' marked build as failure
""", headers=[("X-Jenkins-Job", "fw-motor » arm-gcc".replace("»", "-")), ("X-Jenkins-Result", "FAILURE"), ("List-ID",
    "<fw-motor.build.ferrolabs.de>"), ("Precedence", "bulk")], mid_domain="build", via="postfix-lan mail.ferrolabs.de "
    "unknown 10.4.4.4 build")

letter("machine-review", programs.RUBY, "Nadia Rahal <notifications@forgehub.dev>",
    "inkscope/inkscope <inkscope@noreply.forgehub.dev>",
    "Re: [inkscope/inkscope] Keep the caret visible while scrolling (PR #4417)", "2025-08-01 15:22:08 -0700", """@nrahal commented on this pull \
request.

> +    if (caret.top < view.top)
> +        view.scroll_to(caret.top);

This jumps when the caret is in a folded block. Could you take the fold's first line instead?

--
Reply to this email directly or view it on ForgeHub:
https://forgehub.dev/inkscope/inkscope/pull/4417#pullrequestreview-208811
You are receiving this because your review was requested.

Message ID: <inkscope/inkscope/pull/4417/review/208811@forgehub.dev>
""", '''<div class="gh-header"><p><b>@nrahal</b> commented on this pull request.</p>

<hr>

<p>In <a href="https://forgehub.dev/inkscope/inkscope/pull/4417#discussion_r99180">src/editor/caret.cpp</a>:</p>
<pre style='color:#555'>&gt; +    if (caret.top &lt; view.top)
&gt; +        view.scroll_to(caret.top);
</pre>
<p dir="auto">This jumps when the caret is in a folded block. Could you take the fold's first line instead?</p>

<p style="font-size:small;-webkit-text-size-adjust:none;color:#666;">&mdash;<br />Reply to this email directly, <a \
href="https://forgehub.dev/inkscope/inkscope/pull/4417#pullrequestreview-208811">view it on ForgeHub</a>, or <a \
href="https://forgehub.dev/notifications/unsubscribe-auth/AB3XQ7M5KD2H4T6YV8PL">unsubscribe</a>.<br />You are \
receiving this because your review was requested.<img \
src="https://forgehub.dev/notifications/beacon/AB3XQ7M5KD2H4T6YV8PL.gif" height="1" width="1" alt="" /></p></div>
''', refs="inkscope/inkscope/pull/4417@forgehub.dev", mid="inkscope/inkscope/pull/4417/review/208811@forgehub.dev",
    reply_to="inkscope/inkscope <reply+AB3XQ7M5KD2H4T6YV8PL@reply.forgehub.dev>", headers=[("Cc",
    "Review requested <review_requested@noreply.forgehub.dev>"), ("Precedence", "list"), ("X-ForgeHub-Sender",
    "nrahal"), ("X-ForgeHub-Reason", "review_requested"), ("List-ID",
    "inkscope/inkscope <inkscope.inkscope.forgehub.dev>"), ("List-Archive", "https://forgehub.dev/inkscope/inkscope"),
    ("List-Unsubscribe",
    "<mailto:unsub+AB3XQ7M5KD2H4T6YV8PL@reply.forgehub.dev>,\n "
    "<https://forgehub.dev/notifications/unsubscribe/AB3XQ7M5KD2H4T6YV8PL>"), ("X-Auto-Response-Suppress", "All")],
    dkim="fh2023", envelope="noreply@forgehub.dev", via="postfix-lan out-20.smtp.forgehub.dev unknown 10.56.14.20 "
    "worker-9f31")

letter("machine-gerrit", programs.JAVA, "\"Code Review - Anton Reuter\" <gerrit@review.solenoid-os.org>",
    "Mika Laine <mika.laine@solenoid-os.org>", "Change in kernel/scheduler[main]: Count idle ticks once",
    "2024-07-08 11:29:30 +0000", """Attention is currently required from: Mika Laine.

Anton Reuter has posted comments on this change. ( \
https://review.solenoid-os.org/c/kernel/scheduler/+/30914?usp=email )

Change subject: Count idle ticks once
......................................................................


Patch Set 3: Code-Review-1

(1 comment)

File sched/idle.c:

https://review.solenoid-os.org/c/kernel/scheduler/+/30914/comment/8d7f3b1a_e22c0d14?usp=email :
PS3, Line 77: ticks += now - last;
Unsigned wrap if the clock steps back. Please clamp.


--
To view, visit https://review.solenoid-os.org/c/kernel/scheduler/+/30914?usp=email
To unsubscribe, or for help writing mail filters, visit https://review.solenoid-os.org/settings?usp=email

Gerrit-MessageType: comment
Gerrit-Project: kernel/scheduler
Gerrit-Branch: main
Gerrit-Change-Id: I7c1b2a90f5e3d7764d0a8a3b7c61f0de95b2f1a4
Gerrit-Change-Number: 30914
Gerrit-PatchSet: 3
""", headers=[("X-Gerrit-MessageType", "comment"), ("X-Gerrit-Change-Id", "I7c1b2a90f5e3d7764d0a8a3b7c61f0de95b2f1a4"),
    ("X-Gerrit-Change-Number", "30914"), ("X-Gerrit-ChangeURL",
    "<https://review.solenoid-os.org/c/kernel/scheduler/+/30914>"), ("List-Id",
    "<gerrit-kernel-scheduler.review.solenoid-os.org>"), ("Precedence", "bulk"), ("Auto-Submitted", "auto-generated")],
    via="postfix-local review.solenoid-os.org localhost", dkim="gerrit")

letter("machine-jira", programs.JAVA, "\"Priyanka Bose (Jira)\" <jira@tickets.northgate-rail.co.uk>",
    "l.hargreaves@northgate-rail.co.uk", "[JIRA] (SIG-2210) Axle counter reset button label reversed",
    "2025-02-19 10:48:51 +0000", html='''<html><head><base href="https://tickets.northgate-rail.co.uk"><title>Message '''
    '''Title</title></head><body class="jira" '''
    '''style="color:#172b4d;font-family:Arial,sans-serif;font-size:14px"><table id="background-table" '''
    '''cellpadding="0" cellspacing="0" width="100%" '''
    '''style="border-collapse:collapse;background-color:#f4f5f7"><tr><td id="header-pattern-container" '''
    '''style="padding:10px 20px"><table id="header-pattern"><tr><td id="header-avatar-image-container"><img '''
    '''class="image_fix" src="cid:jira-generated-image-avatar-7be0" height="32" width="32" border="0"></td><td '''
    '''id="header-text-container"><a class="user-hover" '''
    '''href="https://tickets.northgate-rail.co.uk/secure/ViewProfile.jspa?name=pbose">Priyanka Bose</a> '''
    '''<strong>commented</strong> on <img src="cid:jira-generated-image-static-bug" height="16" width="16"> <a '''
    '''href="https://tickets.northgate-rail.co.uk/browse/SIG-2210">SIG-2210</a></td></tr></table></td></tr><tr><td '''
    '''style="padding:0 20px"><table id="email-content-container" width="100%" style="background:#fff;border:1px '''
    '''solid #ccc"><tr><td style="padding:15px 20px"><span style="color:#707070">Re: <a '''
    '''href="https://tickets.northgate-rail.co.uk/browse/SIG-2210">Axle counter reset button label '''
    '''reversed</a></span><p>Checked on site at Hessle Road: the label is right, the drawing is wrong. Drawing '''
    '''office please correct sheet 14. Closing once the revision is in.</p></td></tr></table></td></tr><tr><td '''
    '''id="footer-pattern" style="padding:12px 20px;font-size:12px;color:#999"><a '''
    '''href="https://tickets.northgate-rail.co.uk/browse/SIG-2210#add-comment">Add Comment</a> | This message was '''
    '''sent by Atlassian Jira (v9.12.17#9120017-sha1:aba77b4) <img src="cid:jira-generated-image-static-footer" '''
    '''height="36" width="144"></td></tr></table></body></html>''', inline=[("jira-generated-image-avatar-7be0",
    "jira-generated-image-avatar-7be0", "image/png", attachments.png(32, 32, (60, 90, 140))), (
    "jira-generated-image-static-bug", "jira-generated-image-static-bug", "image/png", attachments.png(16, 16, (200,
    40, 40))), ("jira-generated-image-static-footer", "jira-generated-image-static-footer", "image/png",
    attachments.png(144, 36, (255, 255, 255), (0, 82, 204)))], headers=[("Precedence", "bulk"), ("Auto-Submitted",
    "auto-generated"), ("X-JIRA-FingerPrint", "b1c0ffee2d0f4f6ea54d0d7c7f3f9d4e")], via="postfix-lan smtp.northgate-rail.co.uk "
    "unknown 10.9.0.30 jira01")

letter("machine-bugzilla", programs.PERL, "bugzilla-daemon@bugs.moorhen.org", "vit.dvorak@moorhen.org",
    "[Bug 48121] Crash when a folder name ends in a dot", "2025-12-02 20:02:45 +0000", """https://bugs.moorhen.org/show_bug.cgi?id=48121

Vít Dvořák <vit.dvorak@moorhen.org> changed:

           What    |Removed                     |Added
----------------------------------------------------------------------------
             Status|NEW                         |RESOLVED
         Resolution|---                         |FIXED

--- Comment #6 from Vít Dvořák <vit.dvorak@moorhen.org> ---
Fixed in rev 9f0c2d. The path was normalised twice, the second time after the
length had been taken.

--
You are receiving this mail because:
You are the assignee for the bug.
""", headers=[("X-Bugzilla-Reason", "AssignedTo"), ("X-Bugzilla-Type", "changed"), ("X-Bugzilla-Product", "Moorhen"),
    ("X-Bugzilla-Status", "RESOLVED"), ("Auto-Submitted", "auto-generated"), ("X-Bugzilla-URL",
    "https://bugs.moorhen.org/")], refs="bug-48121-17@https.bugs.moorhen.org/", via="sendmail bugs.moorhen.org "
    "localhost 127.0.0.1", dkim="b")

letter("machine-otrs", programs.PERL, "Helpdesk Stadtbibliothek <helpdesk@stadtbibliothek-ilmstadt.de>",
    "Jürgen Opitz <j.opitz@ilmpost.example>", "[Ticket#2025061110000047] RE: Ausweis wird am Automaten nicht erkannt",
    "2025-06-11 14:20:00 +0200", """Sehr geehrter Herr Opitz,

vielen Dank für Ihre Geduld. Der Leser an Automat 2 war verschmutzt; seit heute
Mittag sollte Ihr Ausweis wieder erkannt werden. Bitte probieren Sie es beim
nächsten Besuch aus. Die Gebühr von 1,50 EUR haben wir storniert.

Mit freundlichem Gruß
Ihre Stadtbibliothek
i. A. R. Sommer
--
Stadtbibliothek Ilmstadt, Kirchplatz 4, Tel. 03677 000000

10.06.2025 17:02 - Jürgen Opitz schrieb:
> Guten Tag, mein Ausweis geht an den Automaten nicht mehr,
> und jetzt soll ich auch noch Säumnisgebühr zahlen?
""", headers=[("X-Mailer", "Znuny Mail Service (6.5.11)"), ("X-Powered-By", "Znuny (https://www.znuny.org/)"), (
    "Organization", "Stadtbibliothek Ilmstadt")], mid="1749644400.118277.330041.znuny@stadtbibliothek-ilmstadt.de",
    via="postfix-pickup ticket.stadtbibliothek-ilmstadt.de localhost 127.0.0.1 48", dkim="stb")

letter("machine-discourse", programs.RUBY, "Wiebke via Lastenradforum <forum@lastenradforum.net>",
    "timo.frings@pedalpost.example", "[Lastenradforum] [Technik] Bremse quietscht nach dem Regen",
    "2025-04-07 18:39:27 +0000", """Hast du die Scheibe mal mit Isopropanol abgezogen? Bei mir war es Kettenöl vom \
Nachbarrad, das im Ständer drüber hing. Danach 30 Mal aus 25 km/h bremsen, dann ist Ruhe.

---
[Thema besuchen](https://lastenradforum.net/t/bremse-quietscht-nach-dem-regen/8812/7) oder auf diese E-Mail \
antworten, um zu antworten.

Klicke [hier](https://lastenradforum.net/email/unsubscribe/8f0c1d2e3b4a5968), um diese E-Mails abzubestellen.
""", '''<div id="main" class="post-wrapper"><table class="post-wrapper" '''
    '''style="width:100%;padding-top:10px"><tbody><tr><td style="width:55px"><img '''
    '''src="https://lastenradforum.net/user_avatar/lastenradforum.net/wiebke/45/118_2.png" title="wiebke" '''
    '''style="width:45px;height:45px;border-radius:50%" width="45"></td><td><a '''
    '''style="color:#3b5998;font-weight:bold" href="https://lastenradforum.net/u/wiebke">Wiebke</a><span '''
    '''style="color:#999;padding-left:5px">Moderatorin</span><br><span>7. April</span></td></tr><tr><td '''
    '''class="body" colspan="2" style="padding-top:5px"><div itemprop="text"><p>Hast du die Scheibe mal mit '''
    '''Isopropanol abgezogen? Bei mir war es Kettenöl vom Nachbarrad, das im Ständer drüber hing. Danach 30 Mal '''
    '''aus 25 km/h bremsen, dann ist Ruhe. <img '''
    '''src="https://lastenradforum.net/images/emoji/twitter/bike.png?v=12" title=":bike:" class="emoji" '''
    '''width="20" height="20"></p></div></td></tr></tbody></table><hr><p><a '''
    '''href="https://lastenradforum.net/t/bremse-quietscht-nach-dem-regen/8812/7">Thema besuchen</a> oder auf '''
    '''diese E-Mail antworten, um zu antworten.</p><p>Klicke <a '''
    '''href="https://lastenradforum.net/email/unsubscribe/8f0c1d2e3b4a5968">hier</a>, um diese E-Mails '''
    '''abzubestellen.</p></div>''', reply_to="Lastenradforum <forum+reply-6c0a@lastenradforum.net>", headers=[(
    "List-Unsubscribe", "<https://lastenradforum.net/email/unsubscribe/8f0c1d2e3b4a5968>"), ("X-Discourse-Post-Id",
    "60119"), ("X-Discourse-Topic-Id", "8812"), ("Auto-Submitted", "auto-generated"), ("List-ID",
    "Lastenradforum | Technik <technik.lastenradforum.net>"), ("List-Archive",
    "https://lastenradforum.net/t/bremse-quietscht-nach-dem-regen/8812"), ("Precedence", "list")],
    refs="topic/8812@lastenradforum.net", envelope="forum+verp-1c9d@lastenradforum.net", dkim="discourse",
    via="postfix-lan mail.lastenradforum.net unknown 172.17.0.2 app")

letter("machine-phpbb", programs.PHP_MAIL, "board@modellbahn-freunde-sued.de", "lokfuehrer_hans@kesselpost.example",
    "Benachrichtigung: Neue Antwort – Dampfentwickler", "2024-11-17 22:13:59 +0100", """Hallo lokfuehrer_hans,

du erhältst diese Nachricht, weil das Thema „Dampfentwickler“ auf „Modellbahnfreunde Süd“ seit deinem
letzten Besuch einen neuen Beitrag erhalten hat. Du erhältst keine weiteren Benachrichtigungen, bis du das Thema \
besuchst.

Neuester Beitrag:
http://www.modellbahn-freunde-sued.de/viewtopic.php?f=12&t=4417&p=38110&e=38110

Wenn du das Thema nicht mehr beobachten möchtest:
http://www.modellbahn-freunde-sued.de/viewtopic.php?uid=881&f=12&t=4417&unwatch=topic

--
Danke, das Board-Team
""", headers=[("Return-Path", "<board@modellbahn-freunde-sued.de>"), ("X-MimeOLE", "phpBB3"), ("X-phpBB-Origin",
    "phpbb://www.modellbahn-freunde-sued.de")][1:], via="exim-local h18.spielwiese-hosting.de localhost 127.0.0.1 "
    "mobafs")

letter("machine-nextcloud-share", programs.SYMFONY, "Tamara Böck via Nextcloud <cloud@architektur-boeck.at>",
    "stahl@schlosserei-wimmer.example", "Tamara Böck hat »Stiege_Detail_v3.dwg« mit Ihnen geteilt",
    "2025-05-13 13:13:13 +0200",
    "Tamara Böck hat »Stiege_Detail_v3.dwg« mit Ihnen geteilt\n\nNotiz: Bitte die Wangenstärke prüfen, 12 mm kommt "
    "mir zu dünn vor.\n\n»Stiege_Detail_v3.dwg« öffnen: "
    "https://cloud.architektur-boeck.at/s/9tK4wZrBq2LpXmE\n\n--\nNextcloud - ein sicherer Ort für all Ihre Daten\n",
    '''<table cellspacing="0" cellpadding="0" border="0" width="100%" bgcolor="#F3F5F6"><tr><td '''
    '''align="center"><table width="580" cellpadding="0" cellspacing="0" '''
    '''style="background:#fff;border-radius:8px;font-family:Lucida Grande,Geneva,Verdana,sans-serif"><tr><td '''
    '''style="background:#0082c9;padding:20px;text-align:center"><img '''
    '''src="https://cloud.architektur-boeck.at/core/img/logo/logo.png" height="50" '''
    '''alt="Nextcloud"></td></tr><tr><td style="padding:30px"><h1 '''
    '''style="font-size:20px;font-weight:400;text-align:center">Tamara Böck hat »Stiege_Detail_v3.dwg« mit Ihnen '''
    '''geteilt</h1><p style="font-style:italic;border-left:3px solid #ccc;padding-left:10px">Bitte die '''
    '''Wangenstärke prüfen, 12 mm kommt mir zu dünn vor.</p><center><a '''
    '''href="https://cloud.architektur-boeck.at/s/9tK4wZrBq2LpXmE" '''
    '''style="background:#0082c9;color:#fff;padding:10px '''
    '''25px;border-radius:4px;text-decoration:none">»Stiege_Detail_v3.dwg« öffnen</a></center></td></tr><tr><td '''
    '''style="text-align:center;color:#999;font-size:12px;padding:15px">Nextcloud - ein sicherer Ort für all Ihre '''
    '''Daten<br>Dies ist eine automatisch gesendete E-Mail, bitte nicht '''
    '''antworten.</td></tr></table></td></tr></table>''', reply_to="Tamara Böck <office@architektur-boeck.at>",
    via="postfix-pickup cloud.architektur-boeck.at localhost 127.0.0.1 33", dkim="s202401")

letter("machine-scan", programs.SHELL, "kopierer-eg@notariat-haas.de", "e.haas@notariat-haas.de",
    "Gescannt von MFP-07912233", "2025-08-20 11:02:47 +0200",
    "Gerätename: MFP-07912233\nGerätemodell: TASKcopy 3554ci\nStandort: EG Kopierraum\nDateiformat: PDF "
    "MMR(G4)\nAuflösung: 300dpi x 300dpi\n", attach=[("doc00418820250820110234.pdf", "application/pdf",
    attachments.pdf("", ["(gescannte Seite)"], "TASKcopy 3554ci", compressed=False))], via="postfix-lan mail.notariat-haas.de "
    "unknown 192.168.10.44 MFP-07912233", mid="0.20250820110247.00C0EE@192.168.10.44", headers=[("X-Mailer",
    "KMMFP Mail 2.1")])

letter("machine-fritzbox", programs.SHELL, "FRITZ!Box Zuhause <fritzbox@ehlers-net.de>", "bernd@ehlers-net.de",
    "Anruf von 04321000000 auf dem Anrufbeantworter", "2025-01-31 16:44:20 +0100", html='''<!DOCTYPE html><html><head><meta '''
    '''http-equiv="content-type" content="text/html; charset=utf-8"><title>FRITZ!Box</title></head><body '''
    '''style="font-family:Source Sans Pro,Arial;font-size:15px;color:#3f464c"><table width="640" align="center" '''
    '''cellpadding="20" style="border:1px solid #c7c9c8"><tr><td><h2 style="color:#006ec0">Neue '''
    '''Nachricht</h2><p>Ihre FRITZ!Box hat eine Nachricht für Sie '''
    '''aufgenommen.</p><table><tr><td>Von:</td><td>04321000000</td></tr><tr><td>Datum:</td><td>31.01.25, 16:43 '''
    '''Uhr</td></tr><tr><td>Dauer:</td><td>0:21</td></tr></table><p>Die Nachricht ist dieser E-Mail angehängt. <a '''
    '''href="http://fritz.box">Zur FRITZ!Box</a></p></td></tr></table></body></html>''', attach=[(
    "31.01.25_16.43_Telefonanruf.04321000000.wav", "audio/x-wav",
    b"RIFF\x24\x01\x00\x00WAVEfmt \x10\x00\x00\x00\x06\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x00\x01\x00\x00" +
    bytes(range(256)))], via="postfix-submission mail.ehlers-net.de p57b2.dip.netz.example 203.0.113.201 fritz.box")
