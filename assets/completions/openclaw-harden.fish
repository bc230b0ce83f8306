# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_openclaw_harden_global_optspecs
    string join \n demo keys= print size= background= plain confirm-within= save-answers= findings= report= config= state-dir= profile= openclaw-version= ask-openclaw engine= lang= ascii no-color keep-backups= read-only h/help V/version
end

function __fish_openclaw_harden_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_openclaw_harden_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_openclaw_harden_using_subcommand
    set -l cmd (__fish_openclaw_harden_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l keys -d 'Plays keys, as in "<enter><space>j", then goes on' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l size -d 'The size of the frame to print, as in 100x30' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l background -d 'The background of the terminal, which the colours are chosen for; auto goes by COLORFGBG [values: auto, dark, light] [default: auto]' -r -f -a "auto\t''
dark\t''
light\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l confirm-within -d 'Takes every write back after this time, as in 60s or 5m, unless it is confirmed' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l save-answers -d 'Where the answers are saved: on writing, and by `s` on Review' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l findings -d 'The JSON of an audit to walk through (of OpenClaw\'s security audit, secrets audit or doctor --lint, or of ours); - reads it from standard input' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l report -d 'Where what came of the findings is written: FILE.md or FILE.json' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l demo -d 'Opens a bad example and writes nothing'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l print -d 'Prints the last frame and ends'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l plain -d 'Asks line by line, without a screen: for screen readers, and for TERM=dumb, where it is the default'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -s V -l version -d 'Print version'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "audit" -d 'Lists what is wrong with a config, as OpenClaw\'s own audit does and beyond it'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "accept" -d 'Accepts a finding for a time, with a reason'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "explain" -d 'Explains a check, or why an agent can or cannot call a tool'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "apply" -d 'Hardens a config without the wizard'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "checkup" -d 'Shows what has happened since the last look: log, containers, approved users, listeners, changes of the config'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "skills" -d 'Lists skills and plugins that are new or changed since they were accepted'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "secrets" -d 'Moves secrets out of the config, to a private file beside it'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "restore" -d 'Lists the backups, or undoes the last write'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "confirm" -d 'Keeps a write that was made with --confirm-within, after proving that you get in'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "keep-trial" -d 'Takes a write on trial back at its deadline'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "report" -d 'Puts the JSON results of many machines together'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "completions" -d 'Prints what completes commands and options in a shell'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "man" -d 'Prints the manual page'
complete -c openclaw-harden -n "__fish_openclaw_harden_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l format -d 'How to print [values: text, json, sarif] [default: text]' -r -f -a "text\t''
json\t''
sarif\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l fail-on -d 'The severity from which the exit code is 1 [values: critical, warn, info, never] [default: critical]' -r -f -a "critical\t''
warn\t''
info\t''
never\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l baseline -d 'An earlier audit in JSON: only what it does not have fails' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand audit" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l path -d 'Only where this key shows it' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l reason -d 'Why it is accepted' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l until -d 'The last day, as in 2027-03-31 (UTC)' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l format -d 'How to print [values: text, json] [default: text]' -r -f -a "text\t''
json\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l list -d 'Lists what is accepted for this config'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l remove -d 'Takes the acceptance back'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand accept" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l agent -d 'Explains tools for this agent alone' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l format -d 'How to print [values: text, json] [default: text]' -r -f -a "text\t''
json\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand explain" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l posture -d 'Whom the installation serves: personal (you alone, the default), shared (people you know), public (strangers) [values: personal, shared, public]' -r -f -a "personal\t''
shared\t''
public\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l format -d 'How to print [values: text, json] [default: text]' -r -f -a "text\t''
json\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l confirm-within -d 'Takes the write back after this time, as in 60s or 5m, unless `confirm` keeps it' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l answers -d 'The answers to take: what --save-answers wrote, or `apply --format json` printed' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l save-answers -d 'Writes the answers to a file, also on a dry run' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l findings -d 'The JSON of an audit to walk through (of OpenClaw\'s security audit, secrets audit or doctor --lint, or of ours); - reads it from standard input' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l report -d 'Where what came of the findings is written: FILE.md or FILE.json' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l dry-run -d 'Prints what would change and writes nothing'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l only-safe -d 'Takes only the changes that keep a working setup working; exits with 1 when others are left'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l yes -d 'Takes every change, those included that may cut someone or something off'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l real-audit -d 'Runs openclaw security audit on the result too, for the report'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand apply" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l log -d 'The Gateway\'s log, instead of the one that the config names' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l engine-timeout -d 'How long docker and podman may take to answer a question, in seconds [default: 5]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l format -d 'How to print [values: text, json] [default: text]' -r -f -a "text\t''
json\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l accept -d 'Accepts what was found: devices, users, addresses and the config as they are now'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l quiet -d 'Prints nothing where nothing needs attention'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l print-timer -d 'Prints the systemd units and the cron line of a daily checkup'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l install-timer -d 'Puts the systemd units into this user\'s folder'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand checkup" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l accept -d 'Accepts these skills as they are now, by name, folder or source; all of them where none is named' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l format -d 'How to print [values: text, json] [default: text]' -r -f -a "text\t''
json\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l all -d 'Shows what is reviewed as well'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand skills" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l format -d 'How to print [values: text, json] [default: text]' -r -f -a "text\t''
json\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l dry-run -d 'Shows what would move and writes nothing'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l yes -d 'Moves them without asking'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l purge -d 'Removes the old copies of the config that still hold them, for good'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand secrets" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l format -d 'How to print [values: text, json] [default: text]' -r -f -a "text\t''
json\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l list -d 'Lists the backups and changes nothing'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l modes -d 'Gives the files that a write closed to other users the modes back that they had; a task of its own'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l dry-run -d 'Shows what it would open again and changes nothing'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l yes -d 'Restores without asking, also where that opens something again'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand restore" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l format -d 'How to print [values: text, json] [default: text]' -r -f -a "text\t''
json\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l without-proof -d 'Confirms without asking the gateway, where none runs here; the record says so'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l undo -d 'Puts everything back now'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand confirm" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand keep-trial" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l format -d 'How to print [values: text, markdown, json, html] [default: text]' -r -f -a "text\t''
markdown\t''
json\t''
html\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l fail-on -d 'The severity from which the exit code is 1 [values: critical, warn, info, never] [default: critical]' -r -f -a "critical\t''
warn\t''
info\t''
never\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand report" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand completions" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l config -d 'The config file' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l state-dir -d 'The state folder' -r -F
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l profile -d 'The profile, as in openclaw --profile' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l openclaw-version -d 'The OpenClaw version that runs the config, as in 2026.9.6, where it is not the one installed here' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l engine -d 'The sandbox engine to plan for; auto asks the machine [values: auto, docker, podman, none] [default: auto]' -r -f -a "auto\t''
docker\t''
podman\t''
none\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l lang -d 'The language [values: en, ja]' -r -f -a "en\t''
ja\t''"
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l keep-backups -d 'How many backups to keep [default: 10]' -r
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l ask-openclaw -d 'Starts openclaw --version to learn the version, instead of looking at the installed package'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l ascii -d 'Draws with plain letters'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l no-color -d 'Uses no colours'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -l read-only -d 'Writes nothing, whatever happens'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand man" -s h -l help -d 'Print help'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "audit" -d 'Lists what is wrong with a config, as OpenClaw\'s own audit does and beyond it'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "accept" -d 'Accepts a finding for a time, with a reason'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "explain" -d 'Explains a check, or why an agent can or cannot call a tool'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "apply" -d 'Hardens a config without the wizard'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "checkup" -d 'Shows what has happened since the last look: log, containers, approved users, listeners, changes of the config'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "skills" -d 'Lists skills and plugins that are new or changed since they were accepted'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "secrets" -d 'Moves secrets out of the config, to a private file beside it'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "restore" -d 'Lists the backups, or undoes the last write'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "confirm" -d 'Keeps a write that was made with --confirm-within, after proving that you get in'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "keep-trial" -d 'Takes a write on trial back at its deadline'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "report" -d 'Puts the JSON results of many machines together'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "completions" -d 'Prints what completes commands and options in a shell'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "man" -d 'Prints the manual page'
complete -c openclaw-harden -n "__fish_openclaw_harden_using_subcommand help; and not __fish_seen_subcommand_from audit accept explain apply checkup skills secrets restore confirm keep-trial report completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
