package pgha.agent.ctl;

import java.util.ArrayList;
import java.util.List;

/** Looks for what is wrong or risky on this host. Pure. */
final class HostChecks {
    private static final long NET_ADMIN = 1L << 12;
    private static final long NET_RAW = 1L << 13;
    private static final int ALMOST_FULL = 5;
    private static final int GETTING_FULL = 15;

    private HostChecks() {}

    static List<Finding> of(HostFacts host) {
        List<Finding> findings = new ArrayList<>();
        host.freePercent().ifPresent(percent -> disk(host, percent, findings));
        if (host.agentCapabilities().isEmpty()) {
            findings.add(Finding.now("no agent runs on this host", "systemctl start pgha-agent"));
        } else if (host.bindsAddresses()) {
            capabilities(host.agentCapabilities().get(), findings);
        }
        if (host.writesOpen()) {
            findings.add(Finding.soon(
                    "the agent here takes orders from everybody who can connect",
                    "set restapi.authentication or restapi.allowlist, and reload"));
        }
        if (!host.clockKept()) {
            findings.add(Finding.note(
                    "nothing seems to keep this host's clock: leases do not need it, schedules and logs do",
                    "run chronyd or systemd-timesyncd"));
        }
        host.missingWatchdog()
                .ifPresent(device -> findings.add(Finding.note(
                        "there is no watchdog %s: a kernel that hangs is not reset".formatted(device),
                        "load the module of your hardware, or softdog; or set watchdog.mode to off")));
        return findings;
    }

    private static void disk(HostFacts host, int percent, List<Finding> findings) {
        if (percent < GETTING_FULL) {
            String sentence = "the disk of %s has %d%% left".formatted(host.dataDirectory(), percent);
            findings.add(new Finding(
                    percent < ALMOST_FULL ? Finding.Urgency.NOW : Finding.Urgency.SOON,
                    sentence,
                    "see what fills it: slots, failing archive_command, logs"));
        }
    }

    private static void capabilities(long set, List<Finding> findings) {
        List<String> missing = new ArrayList<>();
        if ((set & NET_ADMIN) == 0) {
            missing.add("CAP_NET_ADMIN");
        }
        if ((set & NET_RAW) == 0) {
            missing.add("CAP_NET_RAW");
        }
        if (!missing.isEmpty()) {
            findings.add(Finding.now(
                    "the agent here may not bind its address: it lacks " + String.join(" and ", missing),
                    "start it by its systemd unit, which grants them"));
        }
    }
}
