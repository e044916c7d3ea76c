"""Rules of the tests' own: a policy that blocks at the fifth message, and next to nothing to compile.

SPDX-License-Identifier: GPL-3.0-or-later
"""
from . import site

HOME = f"""home_networks: {site.HOME_NETWORKS}
rules:
  content: content.yaml
  setup: setup.yaml
  policy: policy.yaml
"""
MESSAGES_TO_BLOCK = 5
CONTENT = """rules:  # the built-in ones take a second to compile, at each start
  - name: NEVER
    look_at: body
    match: 'never seen'
    points: 1
    description: "There is no body here"
"""
SETUP = """rules:
  - name: HELO_MISSING
    when: "helo_missing"
    points: 3
    description: "No greeting"
"""
POLICY = f"""active: quick
sample:
  content_spam_points: 5
  setup_bad_points: 3
policies:
  - name: quick
    min_messages: {MESSAGES_TO_BLOCK}
    warn_total: 20
    block_total: 40
    block_total_low: 30
    max_unseen_share: 0.3
    action: discard
    levels: [1h]
"""


def write_rules(folder):
    """Where HOME looks for them."""
    for name, text in (("content", CONTENT), ("setup", SETUP), ("policy", POLICY)):
        (folder / f"{name}.yaml").write_text(text)
