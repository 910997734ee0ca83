package pgha.agent.plants;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** All our classes once more, one of them with a bug; everything else is shared with the rest of the JVM. */
final class PlantedClasses extends URLClassLoader {
    private PlantedClasses(List<URL> urls) {
        super(urls.toArray(URL[]::new), PlantedClasses.class.getClassLoader());
    }

    /** @param directory an empty one, for the compiled class */
    static PlantedClasses compile(Plant plant, Path directory) throws IOException {
        String classPath = System.getProperty(
                "surefire.test.class.path", Objects.requireNonNull(System.getProperty("java.class.path")));
        Path planted = directory.resolve(plant.source().getFileName());
        Files.writeString(planted, plant.planted(), UTF_8);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        List<String> options = List.of(
                "-nowarn", "-proc:none", "--release", "21", "-d", directory.toString(), "-classpath", classPath);
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
            boolean compiled = compiler.getTask(
                            complaints, files, null, options, null, files.getJavaFileObjects(planted))
                    .call();
            if (!compiled) {
                throw new IllegalStateException(plant.file() + " does not compile:\n" + complaints);
            }
        }
        List<URL> urls = new ArrayList<>(List.of(url(directory)));
        for (String entry : classPath.split(":")) {
            urls.add(url(Path.of(entry)));
        }
        return new PlantedClasses(urls);
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }

    /** Ours come from here, before anybody else is asked. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("pgha.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known == null ? findClass(name) : known;
        }
    }

    /** {@link pgha.agent.sim.PlayedSeed#failure}, with the bug. */
    MethodHandle playedSeed() throws ReflectiveOperationException {
        return player("pgha.agent.sim.PlayedSeed", "failure", long.class);
    }

    /** {@link pgha.agent.sim.PlayedStory#outcome}, with the bug. */
    MethodHandle playedStory() throws ReflectiveOperationException {
        return player("pgha.agent.sim.PlayedStory", "outcome", String.class);
    }

    private MethodHandle player(String type, String method, Class<?> what) throws ReflectiveOperationException {
        return MethodHandles.publicLookup()
                .findStatic(loadClass(type), method, MethodType.methodType(String.class, what));
    }
}
