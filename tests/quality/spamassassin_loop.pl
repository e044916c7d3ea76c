#!/usr/bin/perl
# SpamAssassin's library asked for many messages in one process, as `spamassassin -L` with Bayes off and a fresh user:
# spamassassin_loop.pl HOME [SETTINGS] <FILES-ONE-A-LINE.  A line of JSON for each; the first says how long its start took.
# SPDX-License-Identifier: GPL-3.0-or-later
use strict;
use warnings;
use JSON::PP;
use Mail::SpamAssassin;

my ($home, $settings) = @ARGV;
my $json = JSON::PP->new->canonical->utf8;
my $judge = Mail::SpamAssassin->new({
  rules_filename => "/usr/share/spamassassin", site_rules_filename => "/etc/spamassassin",
  home_dir_for_helpers => $home, userstate_dir => "$home/state", userprefs_filename => "$home/prefs",
  local_tests_only => 1, dont_copy_prefs => 1, post_config_text => "use_bayes 0\n" . ($settings // "") . "\n",
});
$judge->compile_now(0, 0);

sub seconds { my ($user, $system) = times; return $user + $system }

$| = 1;
print $json->encode({start => seconds()}), "\n";
while (my $name = <STDIN>) {
  chomp $name;
  my $before = seconds();
  open my $file, "<:raw", $name or die "$name: $!\n";
  my $mail = $judge->parse($file, 1);
  close $file;
  my $status = $judge->check($mail);
  my %rules = map { $_ => $status->{conf}->{scores}->{$_} } split /,/, $status->get_names_of_tests_hit();
  my $score = $status->get_score() + 0;
  $status->finish();
  $mail->finish();
  print $json->encode({file => $name, score => $score, rules => \%rules, cpu => seconds() - $before}), "\n";
}
print $json->encode({cpu => seconds()}), "\n";
