package pgha.agent.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines as Patroni would print them; the expected ones were printed by Python's logging where it has the feature. */
class LogLayoutTest {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final LogEntry ENTRY = entry("demoting: our lease ends in 4.6s", List.of());

    @Test
    void theDefaultLineIsPatronis() {
        assertThat(plain(LogLayout.DEFAULT_FORMAT, Optional.empty()))
                .isEqualTo("2026-01-01 10:00:00,123 INFO: demoting: our lease ends in 4.6s");
    }

    @Test
    void aDateFormatReplacesTheMillisecondsToo() {
        assertThat(plain(LogLayout.DEFAULT_FORMAT, Optional.of("%Y-%m-%d %H:%M:%S %z")))
                .isEqualTo("2026-01-01 10:00:00 +0800 INFO: demoting: our lease ends in 4.6s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    %(levelname)s                  | INFO
                    `[%(levelname)-8s]`            | `[INFO    ]`
                    `[%(levelname)8s]`             | `[    INFO]`
                    %(levelname).1s                | I
                    %(levelno)d                    | 20
                    `[%(levelno)-5d]`              | `[20   ]`
                    %(levelno)05d                  | 00020
                    %(levelno)x                    | 14
                    %(msecs)03d                    | 123
                    %(created).3f                  | 1767232800.123
                    %(name)s                       | pgha.agent.loop.DecisionLog
                    %(module)s                     | DecisionLog
                    %(filename)s:%(lineno)d        | DecisionLog.java:0
                    %(threadName)s                 | loop
                    100%% of %(message)s           | 100% of demoting: our lease ends in 4.6s
                    no attribute at all            | no attribute at all
                    """)
    void attributesArePrintedAsPythonDoes(String format, String line) {
        assertThat(plain(format, Optional.empty())).isEqualTo(line);
    }

    @Test
    void factsFollowTheMessageAndAreQuotedWhereTheyMustBe() {
        LogEntry entry = entry(
                "demoting",
                List.of(
                        new LogEntry.Pair("decision", "DEMOTE"),
                        new LogEntry.Pair("lease", "4.6s"),
                        new LogEntry.Pair("actions", "UnbindVip, StopPostgres"),
                        new LogEntry.Pair("said", "\"no\""),
                        new LogEntry.Pair("was", "")));

        assertThat(PlainLayout.parse("%(message)s", in(SHANGHAI, Optional.empty()))
                        .print(entry))
                .isEqualTo("demoting decision=DEMOTE lease=4.6s actions=\"UnbindVip, StopPostgres\""
                        + " said=\"\\\"no\\\"\" was=\"\"");
    }

    @Test
    void aTraceFollowsTheLine() {
        IllegalStateException bug = new IllegalStateException("no way on");
        bug.setStackTrace(new StackTraceElement[] {new StackTraceElement("pgha.A", "b", "A.java", 7)});
        LogEntry entry =
                new LogEntry(ENTRY.at(), LogLevel.ERROR, ENTRY.logger(), "loop", "a bug", List.of(), Optional.of(bug));

        assertThat(PlainLayout.parse("%(levelname)s: %(message)s", in(SHANGHAI, Optional.empty()))
                        .print(entry))
                .isEqualTo("""
                        ERROR: a bug
                        java.lang.IllegalStateException: no way on
                        \tat pgha.A.b(A.java:7)""");
    }

    @Test
    void jsonHasTheFieldsAskedForThenTheFactsThenTheStaticOnes() {
        JsonLayout layout = JsonLayout.of(
                List.of(
                        new LogLayout.Field("asctime", "@timestamp"),
                        new LogLayout.Field("levelname", "level"),
                        new LogLayout.Field("levelno", "levelno"),
                        new LogLayout.Field("message", "message")),
                Map.of("app", "pgha"),
                in(SHANGHAI, Optional.empty()));
        LogEntry entry = entry("said \"no\"\n\tand \\ went \u0001 ü", List.of(new LogEntry.Pair("decision", "DEMOTE")));

        assertThat(layout.print(entry))
                .isEqualTo("{\"@timestamp\": \"2026-01-01 10:00:00,123\", \"level\": \"INFO\", \"levelno\": 20,"
                        + " \"message\": \"said \\\"no\\\"\\n\\tand \\\\ went \\u0001 ü\", \"decision\": \"DEMOTE\","
                        + " \"app\": \"pgha\"}");
    }

    @Test
    void aPlainFormatNamesTheFieldsOfAJsonLine() {
        assertThat(LogLayout.fieldsIn(LogLayout.DEFAULT_FORMAT))
                .containsExactly(
                        new LogLayout.Field("asctime", "asctime"),
                        new LogLayout.Field("levelname", "levelname"),
                        new LogLayout.Field("message", "message"));
    }

    @Test
    void whatCannotBeUnderstoodIsNamed() {
        assertThatThrownBy(() -> LogLayout.plain("%(levlname)s", Optional.empty()))
                .hasMessageStartingWith("not an attribute of a log line: \"levlname\"; expected one of asctime, ");
        assertThatThrownBy(() -> LogLayout.plain("%(message)", Optional.empty()))
                .hasMessage("not a log format: \"%(message)\" has a % in \"%(message)\" that begins nothing;"
                        + " expected forms like %(message)s, and %% for a percent sign");
        assertThatThrownBy(() -> LogLayout.plain("%(message)s", Optional.of("%Q")))
                .hasMessage("not a date format: \"%Q\" has %Q, which strftime does not know");
        assertThatThrownBy(() -> LogLevel.parse("LOUD"))
                .hasMessage("not a log level: \"LOUD\"; expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL");
    }

    private static String plain(String format, Optional<String> dateFormat) {
        return PlainLayout.parse(format, in(SHANGHAI, dateFormat)).print(ENTRY);
    }

    private static AscTime in(ZoneId zone, Optional<String> dateFormat) {
        return new AscTime(zone, dateFormat.map(Strftime::parse));
    }

    private static LogEntry entry(String message, List<LogEntry.Pair> pairs) {
        Instant at = Instant.parse("2026-01-01T02:00:00.123456Z");
        return new LogEntry(at, LogLevel.INFO, "pgha.agent.loop.DecisionLog", "loop", message, pairs, Optional.empty());
    }
}
