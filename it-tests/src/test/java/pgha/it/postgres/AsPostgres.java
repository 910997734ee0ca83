package pgha.it.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes in a JVM of user postgres that has the capabilities of the agent's unit.
 *
 * <p>Its own network, with loopback, and its own processes: whatever a test leaves behind ends with it. The class path
 * is copied to where that user can read it.
 */
final class AsPostgres {
    /** The property under which the guard's script is known in the other JVM. */
    static final String GUARD = "pgha.lease-guard";

    private static final Path GUARD_SOURCE = Path.of("../agent/src/main/scripts/lease-guard");
    private static final String RESULT = "##result ";

    private AsPostgres() {}

    /** What each test said against itself; empty text for those that passed. */
    static Map<String, String> run(Path directory, List<Class<?>> classes) throws IOException, InterruptedException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        String classPath = readableClassPath(directory.resolve("lib"));
        Files.copy(GUARD_SOURCE, directory.resolve("lease-guard"), StandardCopyOption.COPY_ATTRIBUTES);
        Path work = directory.resolve("work");
        Files.createDirectory(work);
        Files.setAttribute(work, "unix:uid", Files.getAttribute(Path.of("/var/lib/postgresql"), "unix:uid"));
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command(classPath, work, classes))
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int status = process.waitFor();
        List<String> lines = Files.readAllLines(output);
        lines.stream().filter(line -> !line.startsWith(RESULT)).forEach(System.out::println);
        Map<String, String> results = new LinkedHashMap<>();
        lines.stream().filter(line -> line.startsWith(RESULT)).forEach(line -> {
            String[] parts = line.substring(RESULT.length()).split(" ", 2);
            results.put(parts[0], new String(Base64.getDecoder().decode(parts.length > 1 ? parts[1] : ""), UTF_8));
        });
        if (status != 0) {
            results.put("the JVM of user postgres", "it exited with " + status);
        }
        return results;
    }

    private static List<String> command(String classPath, Path work, List<Class<?>> classes) {
        List<String> java = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                "--inh-caps=+net_admin,+net_raw",
                "--ambient-caps=+net_admin,+net_raw",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + work,
                "-D" + GUARD + "=" + work.resolveSibling("lease-guard"),
                "-cp",
                classPath,
                AsPostgres.class.getName()));
        classes.forEach(c -> java.add(c.getName()));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--net",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "bash",
                "-c",
                "ip link set lo up; \"$@\"; exit $?",
                "-"));
        command.addAll(java);
        return command;
    }

    private static String readableClassPath(Path directory) throws IOException {
        String given = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> copies = new ArrayList<>();
        for (String entry : given.split(File.pathSeparator, -1)) {
            Path from = Path.of(entry);
            Path to = directory.resolve(copies.size() + "-" + from.getFileName());
            if (Files.exists(from)) {
                copy(from, to);
                copies.add(to.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(from)) {
            files = tree.filter(Files::isRegularFile).collect(Collectors.toList());
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            Path place = from.equals(file) ? to : target;
            Files.createDirectories(place.getParent());
            Files.copy(file, place);
        }
    }

    /** In the other JVM: runs the classes whose names are given, and prints a line for each test. */
    public static void main(String[] classes) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(
                        Stream.of(classes).map(DiscoverySelectors::selectClass).toList())
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest() || result.getThrowable().isPresent()) {
                    System.out.println(RESULT + test.getDisplayName().replaceAll("[ ()]", "") + " "
                            + Base64.getEncoder()
                                    .encodeToString(describe(result).getBytes(UTF_8)));
                }
            }
        });
        System.exit(0);
    }

    private static String describe(TestExecutionResult result) {
        StringWriter text = new StringWriter();
        result.getThrowable().ifPresent(e -> e.printStackTrace(new PrintWriter(text)));
        return text.toString();
    }
}
