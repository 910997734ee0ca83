package pgha.lab.tour;

import java.time.Duration;

/** What a client noticed of one fault. */
record FaultRow(String fault, Duration outage, long failedAttempts, long lostRows, String vipBefore, String vipAfter) {}
