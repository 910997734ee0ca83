package pgha;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The walls between the parts. Each rule is a sentence, and a breach names it. */
class ArchitectureTest {
    private static final ImportOption NO_TEST_JARS = location -> !location.contains("-tests.jar");
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(NO_TEST_JARS)
            .importPackages("pgha");

    private static final DescribedPredicate<JavaClass> OF_OURS = resideInAPackage("pgha..");

    @TestFactory
    Stream<DynamicTest> walls() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        importing(rules);
        rules.put("the core knows nothing but itself, the vocabulary and a fixed part of java.base", core());
        rules.put("nothing in the core has an order that differs from run to run", coreIsRepeatable());
        calling(rules);
        confining(rules);
        rules.put(
                "only Agent, and AgentCtl for the command line, puts components of several packages together",
                classes()
                        .that(DescribedPredicate.not(named("pgha.agent.Agent").or(named("pgha.agent.ctl.AgentCtl"))))
                        .should(constructComponentsOfOneOtherPackageAtMost()));
        rules.put(
                "there are no cycles between packages",
                slices().matching("pgha.(**)").should().beFreeOfCycles());
        rules.put(
                "no class is a Manager, a Helper, a Util, a Processor or an Impl",
                noClasses().should().haveNameMatching(".*(Manager|Helper|Utils?|Processor|Impl)"));
        return rules.entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(), () -> rule.getValue().as(rule.getKey()).check(OURS)));
    }

    private static void importing(Map<String, ArchRule> rules) {
        rules.put("the store imports nothing of ours", only("pgha.dcs..", "pgha.dcs.."));
        rules.put("the address imports nothing of ours", only("pgha.vip..", "pgha.vip.."));
        rules.put(
                "the HTTP contract imports the vocabulary only",
                only("pgha.rest..", "pgha.rest..", "pgha.dcs.model.."));
        rules.put("the vocabulary imports nothing of ours", only("pgha.dcs.model..", "pgha.dcs.model.."));
    }

    private static ArchRule only(String who, String... whom) {
        return noClasses()
                .that()
                .resideInAPackage(who)
                .should()
                .dependOnClassesThat(OF_OURS.and(DescribedPredicate.not(resideInAnyPackage(whom))));
    }

    private static ArchRule core() {
        DescribedPredicate<JavaClass> known = resideInAnyPackage(
                        "pgha.agent.ha..",
                        "pgha.dcs.model..",
                        "java.lang..",
                        "java.util",
                        "java.util.function..",
                        "java.util.stream..",
                        "org.jspecify..")
                .or(named("java.time.Duration"));
        DescribedPredicate<JavaClass> never = named("java.util.Random")
                .or(named("java.util.UUID"))
                .or(named("java.util.Date"))
                .or(named("java.lang.Thread"))
                .or(named("java.lang.System"));
        return noClasses()
                .that()
                .resideInAPackage("pgha.agent.ha..")
                .should()
                .dependOnClassesThat(DescribedPredicate.not(known).or(never));
    }

    /** The iteration order of what Set.of and Map.of make is salted per JVM; that of hash tables is nobody's promise. */
    private static ArchRule coreIsRepeatable() {
        return noClasses()
                .that()
                .resideInAPackage("pgha.agent.ha..")
                .should()
                .callMethodWhere(calling("java.util.Set", "of|copyOf"))
                .orShould()
                .callMethodWhere(calling("java.util.Map", "of|ofEntries|entry|copyOf"))
                .orShould()
                .callMethodWhere(calling("java.util.stream.Collectors", "toSet|toMap|toUnmodifiableSet|groupingBy"))
                .orShould()
                .dependOnClassesThat(named("java.util.HashMap").or(named("java.util.HashSet")));
    }

    private static void calling(Map<String, ArchRule> rules) {
        rules.put(
                "only BootClock and WallClock ask what time it is",
                noClasses()
                        .that(DescribedPredicate.not(
                                named("pgha.agent.os.BootClock").or(named("pgha.agent.os.WallClock"))))
                        .should()
                        .callMethodWhere(calling("java.lang.System", "nanoTime|currentTimeMillis"))
                        .orShould()
                        .callMethodWhere(calling("java.time.Instant", "now"))
                        .orShould()
                        .callMethodWhere(calling("java.time.Clock", "system.*")));
        rules.put(
                "only Threads makes threads in the agent",
                noClasses()
                        .that()
                        .resideInAPackage("pgha.agent..")
                        .and()
                        .doNotHaveFullyQualifiedName("pgha.agent.os.Threads")
                        .should()
                        .callConstructorWhere(target(owner(named("java.lang.Thread"))))
                        .orShould()
                        .callMethodWhere(calling("java.lang.Thread", "ofVirtual|ofPlatform|startVirtualThread"))
                        .orShould()
                        .callMethodWhere(calling("java.util.concurrent.Executors", "new.*")));
    }

    private static void confining(Map<String, ArchRule> rules) {
        rules.put(
                "JNA is used by vip.linux and agent.os only",
                confined("com.sun.jna..", "pgha.vip.linux..", "pgha.agent.os.."));
        rules.put(
                "Netty is used by the HTTP server and the store's channel only",
                confined("io.netty..", "pgha.rest.server..", "pgha.dcs.etcd.."));
        rules.put("etcd's client is used by dcs.etcd only", confined("io.etcd..", "pgha.dcs.etcd.."));
        rules.put("gRPC is used by dcs.etcd only", confined("io.grpc..", "pgha.dcs.etcd.."));
        rules.put("Micrometer is used by agent.metrics only", confined("io.micrometer..", "pgha.agent.metrics.."));
        rules.put(
                "Jackson is used by codecs, the HTTP contract, configuration, agentctl, PostgreSQL and logs only",
                confined(
                        "com.fasterxml.jackson..",
                        "pgha.dcs.codec..",
                        "pgha.rest..",
                        "pgha.agent.config..",
                        "pgha.agent.ctl..",
                        "pgha.agent.postgres..",
                        "pgha.agent.log.."));
    }

    private static ArchRule confined(String library, String... where) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(where)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .allowEmptyShould(true);
    }

    /** What runs or is to be closed has a life of its own: whoever makes several such things is a composition root. */
    private static ArchCondition<JavaClass> constructComponentsOfOneOtherPackageAtMost() {
        return new ArchCondition<>("construct components of one other package at most") {
            @Override
            public void check(JavaClass maker, ConditionEvents events) {
                SortedSet<String> packages = maker.getConstructorCallsFromSelf().stream()
                        .map(JavaAccess::getTargetOwner)
                        .filter(OF_OURS)
                        .filter(made -> made.isAssignableTo(Runnable.class) || made.isAssignableTo(AutoCloseable.class))
                        .map(JavaClass::getPackageName)
                        .filter(made -> !made.equals(maker.getPackageName()))
                        .collect(Collectors.toCollection(TreeSet::new));
                if (packages.size() > 1) {
                    events.add(SimpleConditionEvent.violated(maker, maker.getName() + " makes parts of " + packages));
                }
            }
        };
    }

    private static DescribedPredicate<JavaClass> named(String name) {
        return DescribedPredicate.describe(name, type -> type.getName().equals(name));
    }

    private static DescribedPredicate<JavaCall<?>> calling(String type, String methods) {
        return target(owner(named(type))).and(target(nameMatching(methods))).forSubtype();
    }
}
