//! What is looked for in the text of a skill: one line a pattern.
//!
//! The patterns are ASCII and know no case; they see a line as it is and as it reads once tricks of spelling are undone
//! ([`super::views`]). `[^|]` and the like stop at what separates commands, so that two harmless commands on a line are not taken for one.

use super::topic::Topic::{self, *};

/// Where a pattern means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A command or a path, in code or in what tells the model to run it.
    Any,
    /// A sentence to the model.
    Words,
    /// Code alone: in sentences it would mean nothing.
    Code,
}

pub(super) struct Rule {
    pub(super) topic: Topic,
    pub(super) place: Place,
    pub(super) pattern: &'static str,
}

const fn any(topic: Topic, pattern: &'static str) -> Rule {
    Rule { topic, place: Place::Any, pattern }
}

const fn words(topic: Topic, pattern: &'static str) -> Rule {
    Rule { topic, place: Place::Words, pattern }
}

const fn code(topic: Topic, pattern: &'static str) -> Rule {
    Rule { topic, place: Place::Code, pattern }
}

pub(super) const RULES: &[Rule] = &[
    // Runs what it downloads.
    any(
        ShellFromNetwork,
        r"\b(curl|wget|fetch|aria2c|lwp-request|lynx|w3m|http|xh)\b[^|;\n]*\|[^;\n]*?\b(sudo\s+(-\S+\s+)*|env\s+|exec\s+|command\s+|nohup\s+|busybox\s+|/(usr/)?bin/)*(ba|z|k|c|tc|fi|da|a)?sh\b",
    ),
    any(
        ShellFromNetwork,
        r"\b(curl|wget|fetch|aria2c|http)\b[^|;\n]*\|[^;\n]*?\b(sudo\s+(-\S+\s+)*|exec\s+)*(python[0-9.]*|node|perl|ruby|php|deno|bun|osascript|pwsh|powershell|lua|tclsh)\s*(-\s*$|-\s|$|[;&)`\x22'])",
    ),
    any(
        ShellFromNetwork,
        r"\b((ba|z|k|da)?sh|python[0-9.]*|node|perl|ruby|php|source|eval|exec)\b[^|;\n]*(<\s*\(|\$\(|`)\s*(curl|wget)\b",
    ),
    any(ShellFromNetwork, r"(^|[;&|(\x60\s])\.\s+<\s*\(\s*(curl|wget)"),
    any(ShellFromNetwork, r"\b(bash|sh|zsh)\s+(-\S+\s+)*<<<\s*[\x22']?(\$\(|`)\s*(curl|wget)"),
    any(
        ShellFromNetwork,
        r"\b(curl|wget|iwr|invoke-webrequest|aria2c|certutil|bitsadmin)\b.*(&&|;|\|\|?).*\b(chmod\s+(\S*\+\S*x\S*|[0-7]*[1357][0-7]*)\s|(ba|z)?sh\s+(-\S+\s+)*[./$~\w]|(start-process|start|open|installer|msiexec)\b|source\s|python[0-9.]*\s+[./~\w]|node\s+[./~\w])",
    ),
    any(
        ShellFromNetwork,
        r"\b(iex|invoke-expression)\b.*(download(string|file|data)|webclient|iwr|irm|invoke-(webrequest|restmethod)|net\.http|https?://)",
    ),
    any(
        ShellFromNetwork,
        r"(downloadstring|\birm\b|\biwr\b|invoke-(webrequest|restmethod))[^;\n]*\|\s*(iex|invoke-expression|powershell|pwsh|cmd)",
    ),
    any(ShellFromNetwork, r"\b(mshta|regsvr32|rundll32|wscript|cscript)\b[^\n]*https?:"),
    any(
        ShellFromNetwork,
        r"\b(exec|eval|compile)\s*\(.*(urlopen|requests\.(get|post)|httpx\.(get|post)|urllib|http\.client|fetch\s*\(|net::http|open-uri|uri\.open|file_get_contents\s*\(\s*['\x22]https?)",
    ),
    any(
        ShellFromNetwork,
        r"(fetch|axios(\.get)?|got|https?\.get)\s*\(.*(\beval\b|new\s+function|vm\.run|runin(this|new)context|child_process|\bexec(sync)?\b)",
    ),
    any(ShellFromNetwork, r"\b(import|require)\s*\(\s*['\x22`]https?://"),
    any(
        ShellFromNetwork,
        r"\b(os\.system|subprocess\.\w+|popen|exec(sync|file)?|spawn(sync)?|system|shell_exec|passthru|command::new)\b.{0,20}[\(\x22'`\[].*\b(curl|wget)\b.*\|\s*\S*sh\b",
    ),
    any(ShellFromNetwork, r"\b(deno|bun)\s+(run|x)\s+(-\S+\s+)*[\x22']?https?://"),
    any(ShellFromNetwork, r"\bgo\s+run\s+\S+\.\S+/\S+@(latest|master|main)"),
    words(
        ShellFromNetwork,
        r"\b(download|fetch|grab|retrieve)\b[^.\n]{0,80}\b(and|then)\b[^.\n]{0,40}\b(run|execute|launch|double[- ]click|open)\b[^.\n]{0,20}\b(it|them|the\s+(file|script|installer|binary|executable|program)|this)\b",
    ),
    words(
        ShellFromNetwork,
        r"\b(run|execute|paste|copy)\b[^.\n]{0,60}\b(command|script|code|content|snippet|output)s?\b[^.\n]{0,60}\b(from|at|on|returned by|hosted)\b[^.\n]{0,40}(https?://|\burl\b|\b(web|remote)\s?(site|page|server)|glot\.io|rentry|pastebin|gist)",
    ),
    // A shell for somebody else.
    any(ReverseShell, r"/dev/(tcp|udp)/"),
    any(ReverseShell, r"\b(nc|ncat|netcat|nc\.traditional)\b[^|\n]*\s-\w*[ec]\w*\s*[\x22']?(/|cmd|powershell|\w*sh\b)"),
    any(ReverseShell, r"\bmk(fifo|nod)\b.*\b(nc|ncat|netcat|telnet|openssl)\b"),
    any(ReverseShell, r"\b(nc|ncat|netcat|telnet|openssl\s+s_client)\b[^\n]*\|\s*(/bin/)?(ba|z)?sh\b"),
    any(ReverseShell, r"\b(ba|z)?sh\s+-i\b[^\n]*(>&|0>&1|<&)"),
    any(ReverseShell, r"\bsocat\b[^\n]*\b(exec|system|pty)\s*:"),
    any(ReverseShell, r"\bsocket\b.*\b(dup2|pty\.spawn|subprocess|popen)\b"),
    any(ReverseShell, r"\bos\.dup2\s*\(|\bpty\.spawn\s*\("),
    any(
        ReverseShell,
        r"\b(fsockopen|tcpsocket\.(new|open)|io::socket::inet|net\.(connect|socket)|tcpstream::connect|tcpclient)\b.*\b(exec|spawn|system|proc_open|sh\b|bash|cmd|iex|stdin)",
    ),
    any(ReverseShell, r"new-object\s+(system\.)?net\.sockets\.tcpclient"),
    any(
        ReverseShell,
        r"\b(msfvenom|meterpreter|cobalt\s?strike|sliver-client|pupy|chisel\s+client|gsocket|gs-netcat|tmate\s+-F|sshx\.io)\b",
    ),
    any(ReverseShell, r"\bssh\b[^\n]*\s-\w*R\s*\S*\d+:(localhost|127\.0\.0\.1|0\.0\.0\.0)?:?\d+"),
    // Credentials.
    any(
        Credentials,
        r"(~|\$\{?home\}?|homedir\(\)|home\(\)|/root|/home/[^/\s]+|/users/[^/\s]+|userprofile%?\}?|[\x22'/\\,+( ])[\x22')\]/\\,+ ]*\.ssh([/\\\x22'\s)*]|$)",
    ),
    any(Credentials, r"\bid_(rsa|ed25519|ecdsa|dsa)\b"),
    any(
        Credentials,
        r"\.aws[/\\\x22', ]+(credentials|config|sso)|\baws\s+configure\s+get\b|aws_secret_access_key\s*=\s*[\x22']?\$",
    ),
    any(
        Credentials,
        r"\.config[/\\\x22', ]+(gcloud|gh[/\\\x22', ]+hosts|solana|op\b|doctl|hub\b)|application_default_credentials|\.azure[/\\\x22', ]+(accesstokens|msal|azureprofile)",
    ),
    any(
        Credentials,
        r"\.(kube[/\\\x22', ]+config|docker[/\\\x22', ]+config\.json|netrc|_netrc|git-credentials|pypirc|gnupg|password-store|vault-token|terraform\.d[/\\]credentials|cargo[/\\]credentials|m2[/\\]settings)\b",
    ),
    any(
        Credentials,
        r"(cat|less|head|tail|cp|mv|tar|zip|base64|open|read\w*|slurp|get-content|type|scp|rsync|curl|upload|send)\b.{0,60}\.npmrc\b",
    ),
    code(
        Credentials,
        r"\.(openclaw|clawdbot|moltbot)[/\\\x22', ]+(openclaw\.json|clawdbot\.json|moltbot\.json|credentials|\.env|agents|state|identity|devices|secrets)",
    ),
    words(
        Credentials,
        r"\b(read|cat|open|copy|send|upload|load|parse|extract|get|print|show|include|attach|dump|collect|contents?|steal|zip|archive|back ?up|tar)\b[^\n]{0,60}\.(openclaw|clawdbot|moltbot)/?(openclaw\.json|clawdbot\.json|credentials|\.env|agents|state|identity|devices|secrets|\s|`|$)",
    ),
    any(
        Credentials,
        r"auth-profiles\.json|openclaw(-agent)?\.sqlite|\b(device|gateway)[-_.]?(auth|identity|token)\.json",
    ),
    any(
        Credentials,
        r"(cat|less|more|head|tail|grep|cp|mv|tar|zip|base64|xxd|open|read\w*|slurp|get-content|gc|type|scp|rsync|source|load|include|contents?\s+of|print|send|upload|find)\b[^|\n]{0,60}?[\s\x22'/=(.*`@]\.env(\.(local|production|prod|staging))?([\s\x22'`)|;,]|\.?$)",
    ),
    any(
        Credentials,
        r"/etc/(shadow|gshadow|sudoers|krb5\.keytab|kubernetes/admin)|/proc/(self|[0-9]+|\*|\$\w+|\{\w+\})/(environ|mem)\b|/var/run/secrets/",
    ),
    any(
        Credentials,
        r"login\.keychain|\bsecurity\s+(find-(generic|internet)-password|dump-keychain|export|unlock-keychain)|\bsecret-tool\s+(lookup|search)|\bkeyring\s+get\b|keyring\.get_password|kwallet-query|library[/\\\x22', ]+keychains",
    ),
    any(
        Credentials,
        r"(google[/\\\x22', ]+chrome|chromium|brave|bravesoftware|mozilla|firefox|microsoft[/\\ ]edge|opera|vivaldi).{0,80}(login data|cookies|local state|web data|logins\.json|key4\.db|local storage|default)|\b(login data|logins\.json|key4\.db|cookies\.sqlite)\b|browser_?cookie3?\.|cryptunprotectdata|chrome safe storage",
    ),
    any(
        Credentials,
        r"wallet\.dat|\.(ethereum|bitcoin|electrum|monero|litecoin|solana|exodus|phantom|keplr)[/\\\x22']|[/\\\x22'](exodus|electrum|ledger live|trezor suite|atomic)[/\\\x22']|\b(metamask|nkbihfbeogaeaoehlefnkodbefgpgknn|bfnaelmomeimhlpmgjnjophhpkkoljpa)\b|keystore[/\\]utc--|\b(seed|recovery|mnemonic)[-_ ]?(phrase|words)\b|\bwallet(s)?[-_ ](private[-_ ]?key|seed|file)",
    ),
    words(
        Credentials,
        r"\b(private|api|secret|access|ssh|signing)[- ]?(key|token)s?\b[^.\n]{0,60}\b(send|post|upload|share|reveal|forward|report)\b|\b(send|post|upload|share|forward|collect|gather|harvest|extract|dump|steal|exfiltrate|copy|enumerate|reveal|locate)\b[^.\n]{0,60}\b(api[- ]?keys?|passwords|credentials?|secrets?|private[- ]?keys?|ssh keys?|access[- ]?tokens?|auth(entication)?[- ]?tokens?|session (cookies|tokens)|cookies|environment variables|wallets?|keychain)\b|\b(list|show|print|output|paste|include|append|read|find|get)\b[^.\n]{0,30}\b(all|any|every|the user'?s|stored|saved)\b[^.\n]{0,30}\b(api[- ]?keys?|passwords?|credentials|secrets|private[- ]?keys?|ssh keys?|(access|api|auth|bot|session|oauth)[- ]tokens|environment variables|env vars|wallets?)\b",
    ),
    any(
        Credentials,
        r"\b(gh\s+auth\s+(token\s*([|)`]|>\s*[^/\s&]|>\s*/(tmp|var|home))|status\s+(-t|--show-token))|gcloud\s+auth\s+(print-|application-default\s+print)|az\s+account\s+get-access-token|kubectl\s+get\s+secrets?|vault\s+(kv\s+get|read)\s|docker\s+inspect[^\n]*env|git\s+credential\s+fill|npm\s+token\s+list|openclaw\s+(secrets\s+(get|list|export|reveal)|config\s+get\s+\S*(token|password|apikey|secret)\S*))",
    ),
    any(Credentials, r"169\.254\.169\.254|metadata\.google\.internal|fd00:ec2::254|100\.100\.100\.200"),
    any(
        Credentials,
        r"(^|[;&|(\x60\s$])(env|printenv|export\s+-p|declare\s+-px|set)\s*(\||>>?\s*[\w/~.$])|\b(env|printenv)\s*\)|<\(\s*(env|printenv)|`\s*(env|printenv)\s*`",
    ),
    any(
        Credentials,
        r"json\.dumps\s*\(\s*(dict\s*\(\s*)?os\.environ|dict\s*\(\s*os\.environ|(str|repr)\s*\(\s*os\.environ\s*\)|os\.environ\.items\s*\(|json\.stringify\s*\(\s*process\.env\s*[,)]|object\.(entries|keys|values)\s*\(\s*process\.env\s*\)|\benv:{2}vars\s*\(|\benv\.to_(h|a|json)\b|(gci|dir|get-childitem|ls)\s+env:|getenvironmentvariables|in\s+os\.environ\s*:|os\.environ\(\)|getenv\(\s*\)",
    ),
    any(
        Credentials,
        r"\b(mimikatz|lazagne|lsass|sekurlsa|secretsdump|trufflehog\s+filesystem|vaultcmd|cmdkey\s+/list|hashdump|reg\s+save\s+hklm)",
    ),
    any(
        Credentials,
        r"(cat|less|tail|head|grep|cp|open|read\w*|strings|type|get-content)\b.{0,60}\.?(bash|zsh|python|mysql|psql|node_repl|fish)_history\b|\(get-psreadlineoption\)|consolehost_history",
    ),
    any(
        Credentials,
        r"(telegram desktop|tdata|discord[/\\\x22' ,]+(local storage|leveldb)|slack[/\\\x22' ,]+(cookies|local storage)|signal[/\\\x22' ,]+(config\.json|sql)|whatsapp[/\\\x22' ,]+[^\n]*creds\.json|imessage|messages[/\\]chat\.db|1password[/\\\x22', ]+data|bitwarden[/\\\x22', ]+data|keepass|\.kdbx\b)",
    ),
    any(
        Credentials,
        r"\b(find|grep|rg|ag|locate|mdfind)\b[^\n]{0,80}(\bpassw(or)?d|api[_-]?key|secret|token|private[_ ]key|begin\s+(rsa|openssh)|\.pem\b|\.key\b|\.p12\b|\.pfx\b|\.ovpn\b)[^\n]*(\||>|-exec|/etc|~|/home|\$home)",
    ),
    // Sends away.
    any(
        SendsOut,
        r"\b(webhook\.site|requestbin|pipedream\.net|beeceptor\.com|hookbin|requestcatcher|postb\.in|ptsv[23]?\.|interact\.sh|oast\.(fun|live|pro|me|site|online)|oastify\.com|burpcollaborator|canarytokens|dnslog\.cn|ceye\.io|ngrok(-free)?\.(io|app|dev)|trycloudflare\.com|serveo\.net|localhost\.run|loca\.lt|bore\.pub)\b",
    ),
    any(
        SendsOut,
        r"discord(app)?\.com/api/(v\d+/)?webhooks|hooks\.slack\.com/services/\w|api\.telegram\.org/(bot|file/bot)|\bsend(document|message|photo)\?chat_id|maker\.ifttt\.com/trigger|hooks\.zapier\.com|script\.google\.com/macros|formspree\.io|docs\.google\.com/forms/.{0,60}formresponse",
    ),
    any(
        SendsOut,
        r"\b(transfer\.sh|file\.io|0x0\.st|temp\.sh|catbox\.moe|gofile\.io|anonfiles?|bashupload|oshi\.at|tmpfiles\.org|termbin\.com|ix\.io|sprunge\.us|dpaste|paste\.rs|hastebin|pastebin\.com/api|clbin|uguu\.se|filebin\.net|keep\.sh|pixeldrain)\b",
    ),
    any(
        SendsOut,
        r"\bcurl\b[^|;\n]*\s(-d|--data(-binary|-raw|-urlencode|-ascii)?|-F|--form(-string)?|--json|-T|--upload-file)[= ]?\s*[\x22']?(@|\S{0,40}=@|\S{0,40}=<|[^\n]{0,80}(\$\(|`))",
    ),
    any(
        SendsOut,
        r"\|\s*(curl|wget)\b[^\n]*(\s(-d|--data\S*|-F|--form|-T|--upload-file|--post-(file|data)|--body-(file|data)|-X\s*(POST|PUT)|--json)|@-)",
    ),
    any(SendsOut, r"\bcurl\b[^|;\n]*\s(-T|--upload-file)\s"),
    any(SendsOut, r"\bwget\b[^|;\n]*--(post|body)-(file|data)"),
    any(
        SendsOut,
        r"\b(curl|wget|ping|nslookup|dig|host)\b[^|;\n]*(https?://|\s)[^\s|;]*(\$\(|=`)\s*(cat|env|printenv|whoami|hostname|id\b|base64|uname|ls\b|find|head|tar|security|gh\b|echo|xxd|git)",
    ),
    any(SendsOut, r"\b(dig|nslookup|host)\b[^\n]*\$[\{(]?\w+[^\n]*\.\w+\.\w+"),
    any(
        SendsOut,
        r"\b(tar|zip|cat|base64|gzip|gpg|7z|sqlite3|find|env|printenv|history|ps|echo|pbpaste|xclip)\b[^;\n]*\|[^;\n]*\b(nc|ncat|netcat|curl\s+-|socat|telnet|ssh\s+\S+@|openssl\s+s_client|mail\s|mailx|sendmail|mutt|wget\s+--)",
    ),
    any(SendsOut, r"\b(nc|ncat|netcat)\b[^|\n]*\d\s*<\s*\S"),
    any(
        SendsOut,
        r"\b(scp|rsync|sftp|rclone\s+(copy|sync|move))\b[^\n]*(\.(ssh|aws|openclaw|gnupg|kube|config)\b|~/?\s|\$home\s|/etc/)[^\n]*\S+:",
    ),
    any(SendsOut, r"\baws\s+s3\s+(cp|sync|mv)\s+(~|/|\$home|\.\s)[^\n]*s3://|\bgsutil\s+(-m\s+)?(cp|rsync)[^\n]*gs://"),
    any(
        SendsOut,
        r"(requests|httpx|aiohttp|session|client|urllib3?|http)\.(post|put|request)\s*\(.*(open\s*\(|os\.environ|read\(\)|read_(text|bytes)\(|getenv|b64encode|files\s*=)",
    ),
    any(
        SendsOut,
        r"(fetch|axios(\.(post|put))?|got(\.post)?|navigator\.sendbeacon|https?\.request|xmlhttprequest)\s*\(.*(readfile|process\.env\s*[,)}]|json\.stringify\s*\(\s*process\.env|localstorage|document\.cookie|homedir)",
    ),
    any(
        SendsOut,
        r"\b(invoke-(webrequest|restmethod)|iwr|irm|uploadstring|uploadfile|uploaddata)\b.*(-infile|get-content|\$env:|-body\s+\(|env:|uploadstring|uploadfile|uploaddata)",
    ),
    any(SendsOut, r"\b(smtplib|smtp\.sendmail|send-mailmessage|nodemailer)\b.*(open\(|attach|environ|process\.env)"),
    any(SendsOut, r"!\[[^\]]*\]\(\s*https?://[^)]*[?&/=][^)]*(\{|\$|<|\[|%7b)[^)]*\)"),
    any(SendsOut, r"\bgit\s+push\b[^\n]*(https?://|git@)|\bgh\s+gist\s+create\b"),
    words(
        SendsOut,
        r"\b(send|post|upload|forward|transmit|exfiltrate|leak|submit|report|relay|copy|email|e-mail|mail|bcc|beacon|push|sync|log|ping)\b[^.\n]{0,80}\b(conversations?|contents?|files?|data|results?|keys?|secrets?|tokens?|credentials?|passwords?|output|history|transcript|logs?|env(ironment)?|everything|copy|copies|details|information|info|config(uration)?|documents?|messages?|emails?|input|requests?|replies|responses?|prompts?|memory|answer|it|them|this|that)\b[^\n]{0,60}?\b(to|at|via)\b[^\n]{0,60}?(https?://|\b[\w.+-]+@[\w-]+\.\w{2,}|webhook|\b(our|my|the following|this|a|an|remote|external|collection|logging|analytics|telemetry|third[- ]party)\s+(\w+\s+)?(server|endpoint|url|address|webhook|host|collector)|telegram|discord|pastebin)",
    ),
    words(
        SendsOut,
        r"\b(append|encode|include|embed|put|insert|attach|add|place)\b[^.\n]{0,80}\b(conversation|chat|message|history|context|system prompt|user('s)? (data|input|name|email|files?)|contents?|results?|secrets?|keys?)\b[^.\n]{0,80}\b(url|query|parameter|image|link|header|request|subdomain|dns)\b",
    ),
    words(SendsOut, r"\bexfiltrat(e|ion|ing)\b"),
    words(
        SendsOut,
        r"\b(full|entire|whole|complete|all)\b[^.\n]{0,30}\b(conversation|chat|history|transcript|system prompt|memory|memories)\b[^.\n]{0,60}\b(to|via)\b[^.\n]{0,40}(https?://|endpoint|server|webhook|@)",
    ),
    // Encoded code.
    any(
        EncodedCode,
        r"\bbase(64|32)\b[^|;\n]*\s(-d|-D|--decode|-di|-id)\b[^|;\n]*\|[^;\n]*?\b(ba|z|da|k)?sh\b|\bbase(64|32)\b[^|;\n]*(-d|-D|--decode)[^\n]*\|\s*(sudo\s+)?(python[0-9.]*|node|perl|ruby|php|gunzip|zcat|gzip|xz|tar|source|openssl)\b",
    ),
    any(
        EncodedCode,
        r"(eval|exec|source|bash\s+-c|sh\s+-c|\.\s)\b?[^|;\n]*(\$\(|`|<\()[^\n]*\b(base(64|32)|xxd|openssl\s+enc|openssl\s+base64|rev|tr\s|gunzip|zcat|uudecode)\b",
    ),
    any(EncodedCode, r"\bopenssl\s+(enc|base64|aes\S*)\b[^\n]*\s-d\b[^\n]*(\||>)"),
    any(
        EncodedCode,
        r"\b(xxd\s+-\w*r|printf\s+[\x22']?(\\x[0-9a-f]{2}){3,}|echo\s+-\w*e\w*\s+[\x22']?(\\x?[0-9a-f]{2,3}){3,}|rev|tr\s+[\x22']?[a-z-]+[\x22']?\s+[\x22']?[n-z][\w-]*[\x22']?)[^|\n]*\|[^\n]*\b(ba|z|da)?sh\b",
    ),
    any(
        EncodedCode,
        r"\b(exec|eval|compile|__import__|loads|runpy)\s*\(.*(b(16|32|64|85)decode|a85decode|unhexlify|fromhex|zlib\.decompress|bz2|lzma|marshal|codecs\.decode|rot_?13|atob|buffer\.from|unescape|decodeuricomponent|fromcharcode|chr\s*\(|\[::-1\]|decrypt|fernet)",
    ),
    any(
        EncodedCode,
        r"\b(eval|new\s+function|settimeout|setinterval|vm\.\w+|function)\s*\(\s*(atob|unescape|decodeuricomponent|buffer\.from|string\.fromcharcode)",
    ),
    any(
        EncodedCode,
        r"(\[\x22?constructor\x22?\]|\.constructor)\s*\(\s*(atob|[\x22']return|buffer|unescape)|(globalthis|window|global|this)\s*\[\s*(atob|buffer|[\x22']ev[\x22']\s*\+)",
    ),
    any(
        EncodedCode,
        r"\b(powershell|pwsh)\b[^\n]*\s-\w*(e|ec|en|enc|encodedcommand)\s+[a-z0-9+/=]{16,}|\bfrombase64string\b|-encodedcommand\b",
    ),
    any(
        EncodedCode,
        r"\b(eval|assert|create_function|preg_replace)\s*\(\s*(base64_decode|gzinflate|gzuncompress|str_rot13|hex2bin|strrev)",
    ),
    any(
        EncodedCode,
        r"\b(eval|instance_eval|class_eval|system|exec)\b.{0,30}\b(base64\.(strict_|urlsafe_)?decode64|unpack1?\s*\(?\s*[\x22']m|pack\s*\(|zlib::inflate|marshal\.load)",
    ),
    any(
        EncodedCode,
        r"\b(eval|system|exec)\b.{0,30}\b(decode_base64|unpack\s*\(?\s*[\x22'](u|h)|mime::base64|pack\s*\(?\s*[\x22']h)",
    ),
    any(EncodedCode, r"\b(pickle|marshal|dill)\.loads?\s*\(.*(b64|base64|urlopen|requests|bytes|decode|zlib)"),
    any(
        EncodedCode,
        r"(os\.system|subprocess\.\w+|popen|execsync|exec|spawn\w*|child_process\W+\w+|command::new)\s*\(.*(b64decode|atob\s*\(|buffer\.from\s*\([^)]*base64|fromcharcode|unhexlify|fromhex|decode64)",
    ),
    words(
        EncodedCode,
        r"\b(decode|decrypt|decipher|un-?base64|rot-?13)\b[^.\n]{0,80}\b(and|then)\b[^.\n]{0,40}\b(run|execute|follow|obey|perform|apply|eval|do)\b",
    ),
    words(
        EncodedCode,
        r"\b(base64|hex|rot-?13|encoded|encrypted)\b[^.\n]{0,40}\b(instruction|command|payload|prompt|directive)s?\b",
    ),
    // Sentences that would take the model over.
    words(
        Override,
        r"\b(ignore|disregard|forget|override|bypass|discard|supersede|neglect|drop|set aside|pay no attention to)\b[^.\n]{0,40}\b(previous|prior|above|earlier|existing|all|any|other|original|your|these|those|the|system|safety|security|default|initial)\b[^.\n]{0,40}\b(instruction|prompt|rule|guideline|polic(y|ies)|restriction|message|safeguard|guardrail|constraint|directive|training|filter|limit|warning|safety|context)s?\b",
    ),
    words(
        Override,
        r"\b(do not|don'?t|never|must not|should not|shouldn'?t|avoid|without|refrain from|no need to)\s+(ever\s+|explicitly\s+|directly\s+)?(tell|telling|inform|informing|mention|mentioning|reveal|revealing|disclose|disclosing|notify|notifying|report|reporting|alert|alerting|warn|warning|explain|explaining|letting|let|show|showing)\b[^.\n]{0,40}\b(user|owner|human|operator|anyone|anybody|admin\w*|person|them|him|her|this (step|instruction|action|skill|command|request|part|section)|these (steps|instructions|actions|commands))\b",
    ),
    words(
        Override,
        r"\b(do not|don'?t|never|without)\s+(ever\s+)?ask(ing)?\b[^.\n]{0,20}(\b(permission|confirmation|approval|consent|before|first|questions)\b|\bthe (user|owner|human)\s*([.,;!)]|$|first|for|before|about|whether|if)|^\s*[.,;!])",
    ),
    words(
        Override,
        r"\bkeep\b[^.\n]{0,60}\b(secret|hidden|confidential|private|invisible)\s+(from|to)\b|\bkeep\b[^.\n]{0,40}\b(this|these|it|them) (a )?(secret|hidden|invisible|between us)\s+from|\b(make sure|ensure|so that|such that)\b[^.\n]{0,60}\b(user|owner|they|nobody|no one|human|operator|he|she)\b[^.\n]{0,30}\b(not|doesn'?t|don'?t|never|unaware|no idea|cannot|can'?t)\b[^.\n]{0,20}\b(see|know|notice|aware|realize|realise|find out|suspect)?\b",
    ),
    words(
        Override,
        r"\b(silently|secretly|covertly|quietly|discreetly|stealthily|in the background|behind the scenes|unnoticed)\b[^.\n]{0,60}\b(run|execute|send|post|upload|install|read|copy|collect|download|fetch|forward|add|write|modify|delete|append|include|call)\b|\b(run|execute|send|post|upload|install|read|copy|collect|download|fetch|forward|append)\b[^.\n]{0,60}\b(silently|secretly|covertly|discreetly|stealthily|without (the )?(user|them|owner|operator)('s)? (knowing|noticing|knowledge|consent|awareness|permission)|without (asking|telling|permission|confirmation|approval|consent|notice|notifying|informing|mention))",
    ),
    words(
        Override,
        r"\b(skip|skipping|bypass|bypassing|suppress|suppressing|auto-?accept|auto-?approve)\b[^.\n]{0,30}\b(approvals?|confirmations?|consent|permissions?|permission prompts?|safety checks?|security checks?|review)\b",
    ),
    words(
        Override,
        r"\byou\s+(are|have)\s+(now\s+)?(in\s+)?(been\s+)?(now\s+a\b|(developer|god|admin|root|debug|maintenance|dan|jailbr\w+|unrestricted|sudo|super\w*)\s+(mode|access|privilege)|no longer (bound|restricted|subject)|pre-?authori[sz]ed|authori[sz]ed to (run|execute|read|send|access) (any|all|every))",
    ),
    words(
        Override,
        r"\b(new|updated|real|actual|true|hidden|secret|special|important|critical|priority)\s+(system\s+)?(instruction|prompt|directive|override|command)s?\s*(:|for (the )?(ai|agent|assistant|model|llm))|(<|\[|#+\s*)/?\s*(system|im_start|inst|sys|assistant|admin)\s*(>|\]|:|\|)|<\|im_(start|end)\|>|\bsystem\s*(override|prompt)\s*:",
    ),
    words(
        Override,
        r"\b(this|these|skill|instructions?)\b[^.\n]{0,40}\b(take|takes|has|have|holds?)\s+(absolute\s+)?(precedence|priority)\s+over\b|\b(highest|top|absolute)\s+priority\b[^.\n]{0,40}\b(instruction|rule|over|above)",
    ),
    words(
        Override,
        r"\b(always|must|first|before (any|every|each|doing|answering|responding|you)|on (every|each)|at the (start|beginning|end) of (every|each))\b[^.\n]{0,60}\b(curl|wget|send|post|upload|call|run|execute|fetch|append|include)\b[^.\n]{0,60}(https?://|\.sh\b|\bwebhook|endpoint)",
    ),
    words(
        Override,
        r"\b(pretend|act as if|claim|say|tell (the )?(user|them)|respond|reply|answer)\b[^.\n]{0,60}\b(nothing happened|no (error|problem|issue|change|file)s?|everything (is|was) (fine|ok|normal)|it (failed|worked)|that (no|nothing)|(a )?(network|timeout) error)\b",
    ),
    words(
        Override,
        r"\b(if (the )?(user|anyone|someone|asked|they|owner)\b[^.\n]{0,40}(asks?|question|inquir|wonder|notice))[^.\n]{0,80}\b(deny|lie|refuse|say (that )?(it|this|you|nothing)|claim|change the subject|do not|don'?t|never|pretend|explain (that )?(it|this) (is|was))\b",
    ),
    words(
        Override,
        r"\b(ai|llm|agent|assistant|model)s?\b[^.\n]{0,10}\b(must|shall|should|will|has to|have to)\b[^.\n]{0,60}\b(obey|comply|not question|unconditional|immediately execute|without question)",
    ),
    words(
        Override,
        r"(以前|これまで|上記|前|すべて|他|システム)の?(の)?(指示|命令|ルール|プロンプト|制限)(を|は)(すべて|全て)?(無視|忘れ|破棄|上書き)|(ユーザー?|利用者|管理者|所有者)に(は|も)?(知らせ|伝え|言わ|報告し|見せ|通知し|教え|確認し)(ず|ない|るな|てはいけない|ないで)|(秘密裏|こっそり|ひそかに|黙って|気付かれ(ず|ない)|気づかれ(ず|ない))",
    ),
    words(
        Override,
        r"忽略(之前|以前|上面|所有|先前|前面)的?(所有)?(指令|指示|提示|规则|说明)|不要(告诉|通知|提及|告知|让)(用户|使用者|主人)|ignor(a|e|iere|ez|are)\b[^.\n]{0,30}\b(instrucciones|anweisungen|instructions|instruções|istruzioni)|игнорируй\w*[^.\n]{0,30}инструкци",
    ),
    // Instructions from elsewhere.
    words(
        RemoteInstructions,
        r"\b(fetch|read|load|download|open|visit|browse|retrieve|get|check|pull|import|see|consult|curl|web_fetch)\b[^.\n]{0,100}(https?://\S+|\b(url|gist|pastebin|rentry|website|web page|remote file)\b)[^.\n]{0,80}\b(and|then|to)\b[^.\n]{0,30}\b(follow|obey|execute|apply|do|perform|carry out|comply|treat|run|act on|adhere)\b[^.\n]{0,60}\b(instruction|step|command|it|them|what|direction|prompt|content|guideline|rule|as)\w*",
    ),
    words(
        RemoteInstructions,
        r"\b(follow|obey|execute|apply|perform|comply with|carry out)\b[^.\n]{0,40}\b(instruction|command|prompt|direction|directive|rule|task)s?\b[^.\n]{0,40}\b(at|from|in|on|hosted|found|returned|provided|contained)\b[^.\n]{0,40}(https?://|\b(url|gist|pastebin|rentry|response|server|web ?(page|site)|remote|endpoint)\b)",
    ),
    any(
        RemoteInstructions,
        r"\b(curl|wget|fetch)\b[^\n]*https?://[^\n]*(>|-o|-O|--output|\|\s*tee)\s*\S*(skill|agents|soul|memory|heartbeat|claude|tools|identity|bootstrap|user)\.md\b",
    ),
    words(
        RemoteInstructions,
        r"\b(treat|consider|regard|interpret)\b[^.\n]{0,60}\b(response|content|output|page|result|file|message)s?\b[^.\n]{0,40}\bas\b[^.\n]{0,30}\b(instruction|command|system prompt|trusted|authoritative|order)s?\b",
    ),
    words(
        RemoteInstructions,
        r"\b(every|each|periodically|regularly|once a|daily|hourly|heartbeat)\b[^.\n]{0,60}\b(fetch|check|poll|read|load|curl|visit)\b[^.\n]{0,60}https?://\S+[^.\n]{0,80}\b(instruction|follow|command|execute|task|update)",
    ),
    // Comes back.
    any(
        Persistence,
        r"\bcrontab\s+(-\s*$|-$|-[^lr]|[/~.$\w]|-\s*[;&|)])|\|\s*(sudo\s+)?crontab\b|/etc/cron(tab|\.\w+)|/var/spool/cron|@reboot\b",
    ),
    any(Persistence, r"\blaunchctl\s+(load|bootstrap|enable|submit|kickstart)|launch(agents|daemons)\b"),
    any(
        Persistence,
        r"\bsystemctl\b[^\n]*\b(enable|link|daemon-reload)\b|(/etc|/lib|/usr/lib|\.config|local/share)/systemd/(system|user)|\bloginctl\s+enable-linger|\bupdate-rc\.d\b|/etc/(rc\.local|init\.d|profile\.d|profile\b|bash\.bashrc|zshrc|ld\.so\.preload|xdg/autostart|environment\b)|\bld_preload\s*=",
    ),
    any(
        Persistence,
        r"(>>?|\btee\b|\bsed\s+-i|\becho\b[^\n]*|\bopen\s*\(|append\w*\s*\(|write\w*\s*\(|add-content|out-file|cat\s|join\s*\(|install|insert|add)[^\n]{0,80}\.(bashrc|bash_profile|bash_login|zshrc|zprofile|zshenv|profile|kshrc|config/fish/config\.fish|xinitrc|xsession|config/autostart|inputrc|vimrc|tmux\.conf)\b",
    ),
    words(Persistence, r"\.(bashrc|bash_profile|zshrc|zprofile|zshenv)\b"),
    any(Persistence, r"authorized_keys"),
    any(Persistence, r"\.git/hooks/|core\.hookspath|init\.templatedir"),
    any(
        Persistence,
        r"currentversion\\+run(once)?\b|\bschtasks\b|register-scheduledtask|new-service\b|\bsc(\.exe)?\s+create\b|start menu\\+programs\\+startup|shell:startup|\bnew-itemproperty\b[^\n]*\\run\b|wmic\s+[^\n]*call\s+create|\$profile\b.{0,40}(add-content|out-file|>>)|(add-content|out-file|set-content)\b.{0,40}\$profile\b",
    ),
    any(
        Persistence,
        r"\bnohup\b[^\n]*&\s*($|\)|disown|;|[\x22'])|\bdisown\b|\bsetsid\b[^\n]*&|start_new_session\s*=\s*true|detached\s*:\s*true[^\n]*unref|\bat\s+(now|midnight|noon|\d)[^\n]*(<<|\+|-f)|\|\s*at\s+(now|\d)",
    ),
    any(
        Persistence,
        r"\bosascript\b[^\n]*login item|\bsfltool\b|defaults\s+write\s+[^\n]*(loginwindow|loginhook|autolaunch)",
    ),
    any(
        Persistence,
        r"\bopenclaw\s+(cron|automations?|hooks|webhooks)\s+(add|create|install|enable|set)|\bmcporter\s+config\s+add",
    ),
    words(
        Persistence,
        r"\b(persist|survive|relaunch|restart (itself|automatically)|run again|reinstall)\b[^.\n]{0,60}\b(reboot|restart|logout|session|login|removal|uninstall|deleted)\b|\b(add|install|register|schedule|create)\b[^.\n]{0,40}\b(cron ?job|scheduled task|startup (item|script)|launch ?agent|login item|systemd (unit|service)|background (daemon|service|agent))\b",
    ),
    // What every session reads.
    any(
        AgentMemory,
        r"(>>?|\btee\b|\bsed\s+-i|\bopen\s*\(|append\w*\s*\(|write\w*\s*\(|add-content|out-file|\bcp\b|\bmv\b|\bln\b)[^\n|]{0,80}\b(agents|soul|memory|heartbeat|identity|bootstrap|tools|user|claude|gemini)\.md\b",
    ),
    words(
        AgentMemory,
        r"\b(add|append|write|insert|save|store|copy|put|update|edit|modify|replace|overwrite|inject|persist|include|place|record)\b[^.\n]{0,100}\b(in|into|to|of|at)?\b[^.\n]{0,30}\b(agents|soul|memory|heartbeat|identity|bootstrap|claude)\.md\b|\b(agents|soul|memory|heartbeat|identity|bootstrap|claude)\.md\b[^.\n]{0,60}\b(append|write|insert|add|overwrite|replace|modif)",
    ),
    words(
        AgentMemory,
        r"\b(remember|memori[sz]e|store in (your )?(long-term )?memory|save to (your )?memory|commit to memory)\b[^.\n]{0,80}\b(always|every (session|conversation|time)|from now on|future|permanently|forever)\b|\b(from now on|in all future|for (all|every) (future|subsequent))\b[^.\n]{0,60}\b(session|conversation|request|message|response|reply|task|send|include|run|always)",
    ),
    // Guards.
    any(
        WeakensGuards,
        r"\bopenclaw\s+(config\s+(set|patch|unset|apply)\b[^\n]*(tools\.|sandbox|elevated|gateway\.(bind|auth|controlui)|policy|allowfrom[^\n]{0,30}\*|approvals?|security\.|plugins\.(allow|deny)|hooks|exec\b|dangerous)|approvals\s+(set|allow|add|import|edit)|gateway\s+[^\n]*--(bind\s+(lan|auto|custom)|auth\s+none)|sandbox\s+\S*\s*(off|disable)|exec-policy\s+(set|preset|apply)|devices\s+approve[^\n]*--(yes|all)|pairing\s+approve)",
    ),
    code(
        WeakensGuards,
        r"\b(sed|jq|perl|tee|cp|mv|echo|cat\s*>|python\S*|node|open|write\w*|add-content|set-content|ln|json\.dump)\b[^\n]{0,120}(openclaw|clawdbot|moltbot)\.json\b|\b(openclaw|clawdbot|moltbot)\.json\b[^\n]{0,60}(write|dump|>|\bset\b|edit|modif|change|replace|overwrite|patch|[\x22']w[\x22'])",
    ),
    words(
        WeakensGuards,
        r"\b(edit|modify|change|update|patch|overwrite|replace|write|add|set|remove|open)\b[^\n]{0,120}(openclaw|clawdbot|moltbot)\.json\b[^.\n]{0,120}\b(sandbox|tools|exec|elevated|approvals?|deny|security|gateway|allowfrom|policy|dangerous\w*)\b|\b(set|add|remove|disable|change|turn|make|put|switch|allow|enable)\b[^\n]{0,80}\b(sandbox|tools|exec|elevated|approvals?|deny|security|bind|allowfrom|dmpolicy|dangerous\w*)\b[^\n]{0,80}(openclaw|clawdbot|moltbot)\.json\b",
    ),
    any(
        Config,
        r"\bopenclaw\s+(config\s+(set|patch|unset|apply)|configure|devices\s+approve|models\s+(set|auth))\b|\b(write|edit|change|update|set)\b[^\n]{0,120}(openclaw|clawdbot)\.json",
    ),
    any(Unpinned, r"\b(openclaw\s+(skills|plugins)\s+(install|enable|update)|clawhub(@\S+)?\s+(install|update))\b"),
    any(
        WeakensGuards,
        r"exec-?approvals(\.json)?|\btools\.(exec|elevated|deny|allow|profile|fs|sandbox)\b.{0,60}(full|off|false|\*|true|\[\]|deny|allow|none)|\bsandbox\b[\x22'\]}.:{\s]*\.?\bmode\b[\x22'\s:=]+[\x22']?off\b|\b(dangerously|allowinsecure|allow_insecure)\w*[\x22'\s:=]+true|--dangerously-\S+|--yolo\b|--no-sandbox\b|--allow-all\b|--skip-permissions",
    ),
    words(
        WeakensGuards,
        r"\b(disable|turn off|switch off|deactivate|remove|bypass|escape|circumvent|break out of|get around|weaken|relax|set [^.\n]{0,30} to (off|full|none))\b[^.\n]{0,60}\b(sandbox(ing)?|approval(s| (prompt|mode|gate))?|allow-?list|deny-?list|firewall|antivirus|security (check|setting|feature|polic|control)|guardrails?|gatekeeper|safety|elevated|exec policy|tool policy|permission (check|prompt)s?)",
    ),
    words(
        WeakensGuards,
        r"\b(enable|turn on|grant|switch on|set)\b[^.\n]{0,40}\b(elevated mode|elevated|full access|exec mode (to )?full|auto-?approve|unrestricted (mode|access)|host exec|yolo)\b",
    ),
    any(
        WeakensGuards,
        r"\b(setenforce\s+0|ufw\s+(disable|allow)|iptables\s+(-F|--flush|-P\s+\w+\s+ACCEPT)|nft\s+flush|systemctl\s+(stop|disable|mask)\s+\S*(firewalld|ufw|apparmor|auditd|clamav|fail2ban|falcon|defender|crowdstrike|sentinel)|csrutil\s+(disable|authenticated)|spctl\s+(--master-disable|--global-disable|--add|kext)|xattr\s+(-\w+\s+)*(-[a-z]*[dc]\w*)\s[^\n]*|socketfilterfw[^\n]*off|netsh\s+(advfirewall|firewall)|tccutil|auditctl\s+-[De])",
    ),
    any(
        WeakensGuards,
        r"set-mppreference|add-mppreference|disablerealtimemonitoring|set-executionpolicy\s+(\S+\s+)*(bypass|unrestricted)|-executionpolicy\s+(bypass|unrestricted)|-ep\s+bypass|disableantispyware|amsiutils|amsiinitfailed|enablelua\b.{0,20}0|vssadmin\s+delete|bcdedit\b",
    ),
    any(
        WeakensGuards,
        r"node_tls_reject_unauthorized[\x22'\]\s:=]+[\x22']?0|rejectunauthorized\s*:\s*false|verify\s*=\s*false|http\.sslverify[\s=]+false|_create_unverified_context|strict-ssl\s+false|stricthostkeychecking[= ]+no|danger_accept_invalid_certs\(true\)|--trusted-host\b|pythonhttpsverify[=\s]+0",
    ),
    any(
        WeakensGuards,
        r"\b(unset|export)\s+(histfile|histsize)|histsize=0|histfile=(/dev/null|$|\s)|set\s+\+o\s+history|history\s+-[cw]|clear-history|wevtutil\s+cl|journalctl\s+--vacuum|rm\s+[^\n]*(_history|/var/log)|>\s*/var/log/|truncate\s+[^\n]*\.log\b",
    ),
    // Rights.
    any(
        Privilege,
        r"\bchmod\s+(-\S+\s+)*([ugoa]*\+\S*s|[2467][0-7]{3}\b|0?777\b|a\+rwx|[ugoa]*\+rwx\s+/)|\bsetcap\b|\bsetuid\s*\(|\bchown\s+(-\S+\s+)*root\b",
    ),
    any(
        Privilege,
        r"nopasswd|/etc/sudoers|\bvisudo\b|\bsudo\s+-S\b|\|\s*sudo\s+-S|\b(usermod|adduser|gpasswd|dseditgroup)\b[^\n]*\b(sudo|wheel|admin|docker|root)\b|\buseradd\b[^\n]*(-o|-u\s*0|--uid\s+0)|net\s+localgroup\s+administrators|net\s+user\s+\S+\s+\S+\s+/add|with administrator privileges|pkexec\b|runas\s+/user:admin|-verb\s+runas",
    ),
    any(
        Privilege,
        r"\bdocker\s+run\b[^\n]*(--privileged|-v\s*/:|--pid[= ]host|docker\.sock|--cap-add[= ](all|sys_admin))|\bnsenter\b|\bmount\b[^\n]*/dev/sd|/var/run/docker\.sock|\bkubectl\b[^\n]*(clusterrolebinding|--privileged)|release_agent|\bunshare\s+-\w*r",
    ),
    // Watches.
    any(
        Spying,
        r"\bpynput\b|keyboard\.(on_press|hook|listener|record)|getasynckeystate|setwindowshookex|cgeventtapcreate|\bkeylog|iohook|\bevdev\b.{0,60}(read_loop|inputdevice)|/dev/input/event|logkeys|xinput\s+test|uiohook|rdev::listen|xrecord",
    ),
    any(
        Spying,
        r"\b(while|for|loop|setinterval|every|watch|poll|schedule|do)\b.{0,100}(pbpaste|xclip|xsel|wl-paste|get-clipboard|pyperclip\.paste|clipboard\.(read|get)|clipboardy)|(pbpaste|xclip\s+-o|xsel\s+-b|wl-paste|get-clipboard|pyperclip\.paste\s*\()\S*[^\n]*(\||;|>|curl|post|replace|match)",
    ),
    words(
        Spying,
        r"\b(monitor|watch|log|record|capture|track|intercept)\b[^.\n]{0,40}\b(keystrokes?|key ?presses|clipboard|typed|typing|keyboard input|passwords?|browsing|microphone|webcam)\b",
    ),
    any(
        Spying,
        r"(imagegrab\.grab|pyautogui\.screenshot|mss\.mss|screencapture\s+-\S*x|scrot\b|import\s+-window\s+root|gnome-screenshot|cv2\.videocapture|ffmpeg\b[^\n]*(avfoundation|v4l2|dshow|x11grab|alsa|pulse)|sounddevice\.rec|pyaudio|arecord\b|imagesnap\b)",
    ),
    // Destroys.
    any(
        Destroys,
        r"\brm\s+(-\w+\s+)*-\w*[rf]\w*\s+(-\S+\s+)*(--no-preserve-root\s+)?[\x22']?(/(\s|$|\*|[\x22'])|~/?(\s|$|\*|[\x22'])|\$\{?home\}?/?(\s|$|\*|[\x22'])|/(home|users|etc|usr|var|boot|bin|lib|opt|srv)(/\*?)?(\s|$|[\x22'])|~/\.(openclaw|ssh|config)|\.\s*$|\*\s*$)",
    ),
    any(
        Destroys,
        r"\b(mkfs(\.\w+)?|wipefs|shred|srm|sdelete|cipher\s+/w|diskpart|format\s+[a-z]:)\b|\bdd\b[^\n]*\bof=/dev/(sd|nvme|disk|hd|vd|mmc)|>\s*/dev/(sd|nvme|disk)|:\(\)\s*\{\s*:\s*\|\s*:|diskutil\s+(erase|zero|secureerase)",
    ),
    any(
        Destroys,
        r"shutil\.rmtree\s*\(\s*(os\.path\.expanduser|path\.home|[\x22'](/|~))|\b(rimraf|fs\.rm(sync|dirsync)?|remove_dir_all|fileutils\.rm_rf|remove-item\b[^\n]*-recurse)\b.{0,40}(homedir|home\(\)|[\x22'](/|~|c:\\)|\$home|\$env:userprofile)",
    ),
    any(
        Destroys,
        r"\bfind\s+(/|~|\$home)\S*\s[^\n]*(-delete|-exec\s+(rm|shred))|\bgit\s+push\b[^\n]*(--mirror|--force\s+--all)|\bdrop\s+(database|schema)\b|\bterraform\s+destroy\b[^\n]*-auto|\baws\s+s3\s+r[mb]\b[^\n]*--(recursive|force)|\bkubectl\s+delete\s+(ns|namespace|all)\b[^\n]*--all|tmutil\s+(delete|disable)",
    ),
    any(
        Destroys,
        r"\bransom|\.encrypted\b.{0,40}(rename|os\.walk)|os\.walk\b.{0,200}encrypt|\bgpg\b[^\n]*--(encrypt|symmetric|recipient)[^\n]*&&\s*rm",
    ),
    words(
        Destroys,
        r"\b(delete|erase|wipe|destroy|remove|overwrite)\b[^.\n]{0,30}\b(all|every|the user'?s|entire|whole|home)\b[^.\n]{0,30}\b(file|data|folder|director|disk|backup|repositor|log|history|trace|evidence|database)",
    ),
    // Coins.
    any(
        Mining,
        r"\bxmrig|\bstratum\+(tcp|ssl)|\b(minerd|cpuminer|nbminer|t-rex|ethminer|phoenixminer|lolminer|cgminer|srbminer)\b|\b(nicehash|minexmr|supportxmr|moneroocean|nanopool|f2pool|2miners|hashvault)\b|--donate-level|randomx|coinhive|cryptonight",
    ),
    // Installs.
    any(
        OddInstall,
        r"\bpip[0-9.]*x?\s+install\b[^\n]*(git\+|https?://|(-i|--index-url|--extra-index-url)[= ]\s*https?://|--trusted-host|\.whl\b.{0,4}https?)|\buv\s+(pip\s+install|tool\s+install|add|run)\b[^\n]*(git\+|https?://)|\bpipx\s+(install|run)\b[^\n]*(git\+|https?://)|\buvx\b[^\n]*(git\+|https?://)",
    ),
    any(
        OddInstall,
        r"\b(npm|pnpm|yarn|bun)\s+(i|install|add|x|dlx|exec)\b[^\n]*(https?://|git\+|github:|gitlab:|bitbucket:|\.tgz\b|--registry[= ]\s*https?://|file:/tmp)|\bnpx\b[^\n]*(https?://|git\+|github:|\.tgz\b|--registry)|\bnpm\s+(config\s+)?set\s+registry|registry\s*=\s*http://",
    ),
    any(
        OddInstall,
        r"\bgem\s+(install|sources)\b[^\n]*(--source|-a|http)|\bcargo\s+install\b[^\n]*--(git|path)|\bbrew\s+(install|tap)\b[^\n]*https?://|\bgo\s+install\b[^\n]*https?://|\b(dpkg|rpm|installer|msiexec)\s+(-i|--install|-pkg|/i|-U)\b[^\n]*(/tmp|https?://|downloads)|\badd-apt-repository\b|apt-key\b|/etc/apt/sources|--allow-unauthenticated|--nogpgcheck|\bcurl\b[^\n]*\|\s*(sudo\s+)?(apt-key|gpg\s+--dearmor)",
    ),
    any(
        OddInstall,
        r"\b(unzip\s+(-\S+\s+)*-P|7za?\s+[xe]\b[^\n]*\s-p\S|unrar\s+[xe]\b[^\n]*-p\S|bsdtar\b[^\n]*--passphrase|setpassword\s*\(|extractall\s*\([^)]*pwd\s*=|zipfile\b[^\n]*pwd)",
    ),
    words(
        OddInstall,
        r"\b(password|passphrase|pass|pw)\b\s*(is|:|=|\x60|\x22|')\s*[^.\n]{0,30}\b(zip|archive|rar|7z|extract|unzip|unpack|installer)\b|\b(zip|archive|rar|7z|extract|unzip|unpack|installer|download)\b[^.\n]{0,80}\b(password|passphrase|pass)\b\s*(is|:|=|with|\x60|\x22|'|\()|\bpassword[- ]protected\b",
    ),
    any(OddInstall, r"https?://\S+\.(exe|msi|dmg|pkg|scr|bat|cmd|vbs|hta|jar|apk|appimage|deb|rpm|run|iso|lnk|ps1)\b"),
    words(
        OddInstall,
        r"\b(prerequisite|required|requires|before (you )?(start|begin|using|continu)|first|must)\b[^.\n]{0,80}\b(download|install|run)\b[^.\n]{0,80}\b(openclaw-?(agent|core|helper|driver|cli-?tool|utility|runtime|auth)|auth-?tool|helper (tool|app|binary)|driver|codec|agent (utility|tool|binary))\b",
    ),
    // Hosts that hide.
    any(OddHost, r"https?://(\d{1,3}\.){3}\d{1,3}\b|https?://(0x[0-9a-f]{8}|\d{8,10})\b|https?://\[[0-9a-f:]+\]"),
    any(
        OddHost,
        r"\b(bit\.ly|tinyurl\.com|t\.co/|goo\.gl|is\.gd|cutt\.ly|rb\.gy|shorturl\.at|ow\.ly|rebrand\.ly|tiny\.cc|s\.id/|v\.gd|clck\.ru|shorte\.st)",
    ),
    any(
        OddHost,
        r"\b(pastebin\.com|rentry\.(co|org)|glot\.io|paste\.ee|ghostbin|controlc\.com|justpaste\.it|telegra\.ph|hastebin\.com|privatebin|pastes\.io|snippet\.host)\b",
    ),
    any(
        OddHost,
        r"\b[a-z2-7]{16,56}\.onion\b|\b(duckdns\.org|no-ip\.(org|com|biz)|ddns\.net|hopto\.org|zapto\.org|sytes\.net|nip\.io|sslip\.io)\b|https?://[\w.-]+\.(tk|ml|ga|cf|gq|top|xyz|click|zip|mov|cam|quest|rest|buzz|cyou|icu|sbs|cfd)(/|:|\s|[\x22'`)]|$)",
    ),
    any(OddHost, r"https?://[\w-]*xn--|https?://[^/\s@\x22']+@[\w.-]+"),
    any(
        OddHost,
        r"https?://([\w-]+\.)*([\w-]*\b(evil|malware|attacker|c2|exfil|payload|phish)\w*[\w-]*)(\.[\w-]+)*\.\w{2,}",
    ),
    // Ordinary, but to be known.
    any(
        Unpinned,
        r"\b(npx|pnpm\s+dlx|yarn\s+dlx|bunx|pnpx)\s+(-\S+\s+)*(@[\w.-]+/)?[\w.-]+(\s|$|@latest|[\x22'`)])|\b(npm|pnpm|yarn|bun)\s+(i|install|add)\s+(-\S+\s+)*(@[\w.-]+/)?[a-z][\w.-]*(\s|$|@latest|[\x22'`)])|\b(pip[0-9.]*|pipx|uv\s+(pip|tool))\s+install\s+(-\S+\s+)*[a-z][\w.\[\]-]*(\s|$|[\x22'`)])|\b(brew|gem|cargo|go|apt|apt-get|dnf|apk|pacman|choco|winget|scoop|conda)\s+(install|add|-S)\s+\S|\bcargo\s+install\s+\S",
    ),
    any(Sudo, r"(^|[;&|(\x60\s])(sudo|doas)\s+[-\w/]"),
    code(
        Path,
        r"(^|[\s\x22'=(:])(~|\$\{?home\}?)/[\w./-]+|(^|[\s\x22'=(:>])/(etc|var|usr|opt|root|home|users|private|library|applications|tmp)/[\w./-]+",
    ),
    code(
        Env,
        r"(\$\{?|os\.environ(\.get\(|\[)[\x22']|getenv\([\x22']?|process\.env\.|process\.env\[[\x22']|env\[[\x22']|env:{2}var\([\x22']|\$env:)[a-z0-9_]*(key|token|secret|passw(or)?d|credential|cookie)[a-z0-9_]*",
    ),
];
