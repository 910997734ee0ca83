package pgha.agent.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Writes metrics as Prometheus' text format, version 0.0.4, and as Patroni would: its names, whole numbers without a
 * point, {@code scope} and {@code name} as the first labels.
 *
 * <p>Pure. A gauge without a value (NaN) is left out, so that a fact that nobody knows is absent and not zero.
 */
final class MetricsPage {
    private static final List<String> FIRST = List.of("scope", "name");
    /** The greatest value of late that comes with each timer, and fades: whoever wants it asks the histogram. */
    private static final String FADING = "_seconds_max";

    private static final double EXACT = 1L << 53;

    private MetricsPage() {}

    static String of(MetricSnapshots metrics) {
        return shown(metrics).map(MetricsPage::family).collect(Collectors.joining());
    }

    /** Name, type and help of each family, those without a value included. */
    static String families(MetricSnapshots metrics) {
        return shown(metrics)
                .map(metric -> "%s %s %s\n"
                        .formatted(
                                name(metric), type(metric), metric.getMetadata().getHelp()))
                .collect(Collectors.joining());
    }

    private static Stream<MetricSnapshot> shown(MetricSnapshots metrics) {
        return metrics.stream()
                .filter(metric -> !name(metric).endsWith(FADING))
                .sorted(Comparator.comparing(MetricsPage::name));
    }

    private static String family(MetricSnapshot metric) {
        List<String> samples =
                switch (metric) {
                    case GaugeSnapshot gauge ->
                        plain(gauge.getDataPoints(), GaugeSnapshot.GaugeDataPointSnapshot::getValue, name(metric));
                    case CounterSnapshot counter ->
                        plain(
                                counter.getDataPoints(),
                                CounterSnapshot.CounterDataPointSnapshot::getValue,
                                name(metric));
                    case HistogramSnapshot histogram -> histogram(histogram, name(metric));
                    default ->
                        throw new IllegalStateException("cannot write " + name(metric) + ": it is a "
                                + metric.getClass().getSimpleName());
                };
        return samples.isEmpty() ? "" : header(metric) + String.join("\n", samples) + "\n";
    }

    private static String header(MetricSnapshot metric) {
        String name = name(metric);
        String states = name.equals("patroni_postgres_state") ? "# Values: " + states() + "\n" : "";
        return "# HELP %s %s\n%s# TYPE %s %s\n"
                .formatted(name, metric.getMetadata().getHelp(), states, name, type(metric));
    }

    private static String states() {
        return IntStream.range(0, PatroniMetrics.STATES.size())
                .mapToObj(i -> i + "=" + PatroniMetrics.STATES.get(i).name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static String type(MetricSnapshot metric) {
        return switch (metric) {
            case GaugeSnapshot gauge -> "gauge";
            case CounterSnapshot counter -> "counter";
            default -> "histogram";
        };
    }

    private static String name(MetricSnapshot metric) {
        String name = metric.getMetadata().getPrometheusName();
        return metric instanceof CounterSnapshot && !name.startsWith("patroni_") ? name + "_total" : name;
    }

    private interface Value<T> {
        double of(T point);
    }

    private static <T extends DataPointSnapshot> List<String> plain(List<T> points, Value<T> value, String name) {
        return points.stream()
                .filter(point -> !Double.isNaN(value.of(point)))
                .map(point -> sample(name, labels(point.getLabels(), Optional.empty()), value.of(point)))
                .sorted()
                .toList();
    }

    private static List<String> histogram(HistogramSnapshot histogram, String name) {
        List<String> samples = new ArrayList<>();
        histogram.getDataPoints().stream()
                .sorted(Comparator.comparing(point -> labels(point.getLabels(), Optional.empty())))
                .forEach(point -> samples.addAll(buckets(point, name)));
        return samples;
    }

    private static List<String> buckets(HistogramSnapshot.HistogramDataPointSnapshot point, String name) {
        List<String> samples = new ArrayList<>();
        ClassicHistogramBuckets buckets = point.getClassicBuckets();
        long below = 0;
        for (int i = 0; i < buckets.size(); i++) {
            below += buckets.getCount(i);
            double bound = buckets.getUpperBound(i);
            String le = Double.isInfinite(bound) ? "+Inf" : number(bound);
            samples.add(sample(name + "_bucket", labels(point.getLabels(), Optional.of(le)), (double) below));
        }
        String labels = labels(point.getLabels(), Optional.empty());
        samples.add(sample(name + "_sum", labels, point.getSum()));
        samples.add(sample(name + "_count", labels, (double) below));
        return samples;
    }

    private static String sample(String name, String labels, double value) {
        return name + labels + " " + number(value);
    }

    private static String labels(Labels labels, Optional<String> le) {
        String pairs = StreamSupport.stream(labels.spliterator(), false)
                .sorted(Comparator.comparingInt(MetricsPage::rank).thenComparing(Label::getName))
                .map(label -> pair(label.getName(), label.getValue()))
                .collect(Collectors.joining(","));
        return "{" + pairs + le.map(bound -> "," + pair("le", bound)).orElse("") + "}";
    }

    private static int rank(Label label) {
        int place = FIRST.indexOf(label.getName());
        return place < 0 ? FIRST.size() : place;
    }

    private static String pair(String name, String value) {
        return name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < EXACT
                ? Long.toString((long) value)
                : BigDecimal.valueOf(value).toPlainString();
    }
}
