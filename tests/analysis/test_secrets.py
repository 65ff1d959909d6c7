"""Names of secrets, and texts that have the form of one."""

import pytest

from lint_rules.analysis.secrets import names_a_secret, tokens

BODY = "Zb3kq9Xw7Lm2Rt5Yp8Vn4Hc6Jd1Gf0Ks3Qa"


@pytest.mark.parametrize(
    "name",
    "password db_password clientSecret secret_key aws_secret_access_key API_KEY hf_access_token "
    "old_secret_2 passphrase secretValue bearer_token".split(),
)
def test_a_name_of_a_secret(name):
    assert names_a_secret(name)


@pytest.mark.parametrize(
    "name",
    "secret_santa secretary password_length has_password api_key_path secret_name max_tokens "
    "token_count tokens public_key secret_santa_name use_api_key password_reset_mails".split(),
)
def test_another_name(name):
    assert not names_a_secret(name)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (f"sk-proj-{BODY}", "an OpenAI or Anthropic key"),
        (f"sk-ant-api03-{BODY}", "an OpenAI or Anthropic key"),
        (f"ghp_{BODY}1", "a GitHub token"),
        (f"glpat-{BODY[:20]}", "a GitLab token"),
        ("AKIA" + "Q7ZK3WXN5RTYP2VB", "an AWS access key"),
        (f"AIza{BODY}", "a Google API key"),
        (f"hf_{BODY}", "a Hugging Face token"),
        (f"xoxb-{BODY}", "a Slack token"),
        (f"-----BEGIN RSA PRIVATE KEY-----\nMII{BODY}", "a private key"),
    ],
)
def test_a_text_with_the_form_of_a_secret(written, kind):
    assert [token.kind for token in tokens(f'KEY = "{written}"')] == [kind]


@pytest.mark.parametrize(
    "written",
    [
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-your-key-goes-here-and-nowhere-else-0123456789",
        "sk-learn-estimator-container-of-the-page-in-the-notebook",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_",
        "-----BEGIN PRIVATE KEY-----",
        f"disk-{BODY}",
    ],
)
def test_a_text_that_only_stands_for_one(written):
    assert [*tokens(f'KEY = "{written}"')] == []
