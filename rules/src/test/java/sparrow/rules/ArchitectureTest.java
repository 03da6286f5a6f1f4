package sparrow.rules;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.Configuration.consideringOnlyDependenciesInDiagram;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.adhereToPlantUmlDiagram;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Who may use whom: the arrows are drawn in docs/architecture, and what a drawing cannot say is said here. */
@AnalyzeClasses(
        packages = "sparrow",
        importOptions = {DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
    /** Tests of other modules come in jars. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    private static final Set<String> OPENING = Set.of(
            "java.io.FileInputStream",
            "java.io.RandomAccessFile",
            "java.net.Socket",
            "java.net.URL",
            "java.net.URLConnection",
            "java.nio.channels.FileChannel",
            "java.nio.channels.SocketChannel",
            "java.nio.file.Files");

    /** What is not drawn. */
    private static final String INCUBATOR = "sparrow.gpu..";

    @ArchTest
    static final ArchRule MODULES_ADHERE_TO_THEIR_DRAWING = adheres("modules");

    @ArchTest
    static final ArchRule PACKAGES_OF_THE_ENGINE_ADHERE_TO_THEIR_DRAWING = adheres("engine");

    @ArchTest
    static final ArchRule PACKAGES_OF_SPEECH_ADHERE_TO_THEIR_DRAWING = adheres("speech");

    @ArchTest
    static final ArchRule PACKAGES_OF_MODELS_ADHERE_TO_THEIR_DRAWING = adheres("models");

    @ArchTest
    static final ArchRule PACKAGES_OF_THE_SERVER_ADHERE_TO_THEIR_DRAWING = adheres("server");

    @ArchTest
    static final ArchRule PACKAGES_OF_THE_APP_ADHERE_TO_THEIR_DRAWING = adheres("app");

    @ArchTest
    static final ArchRule PACKAGES_OF_THE_STUDY_ADHERE_TO_THEIR_DRAWING = adheres("study");

    @ArchTest
    static final ArchRule PACKAGES_OF_TRAINING_ADHERE_TO_THEIR_DRAWING = adheres("train");

    @ArchTest
    static final ArchRule PACKAGES_OF_THE_BENCHMARKS_ADHERE_TO_THEIR_DRAWING = adheres("bench");

    /** A rule that does not miss an arrow tests nothing, or the arrow lets in what nobody needs. */
    @ArchTag("full")
    @ArchTest
    static void withoutAnyOneOfItsArrowsADrawingIsViolated(JavaClasses classes) throws IOException {
        Path file = Files.createTempFile("drawing", ".puml");
        for (Drawing drawing : Drawing.all()) {
            for (Drawing.Arrow arrow : drawing.arrows()) {
                if (!arrow.compiled()) continue;
                Files.writeString(file, drawing.without(arrow));
                // Only classes at the beginning of an arrow can miss it.
                assertThat(adheres(file, drawing.components().get(arrow.from()).toArray(String[]::new))
                                .evaluate(classes)
                                .hasViolation())
                        .as(
                                "%s.puml without the arrow from %s to %s is violated",
                                drawing.name(), arrow.from(), arrow.to())
                        .isTrue();
            }
        }
        Files.delete(file);
    }

    /** The laboratory uses the instrument, never the other way round. */
    @ArchTest
    static final ArchRule THE_INSTRUMENT_KNOWS_NO_LABORATORY = noClasses()
            .that()
            .resideOutsideOfPackages("sparrow.study..", "sparrow.train..", "sparrow.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("sparrow.study..", "sparrow.train..", "sparrow.cluster..");

    /** Of the benchmarks only those of devices know the others. */
    @ArchTest
    static final ArchRule NOTHING_ELSE_KNOWS_THE_BENCHMARKS = noClasses()
            .that()
            .resideOutsideOfPackages("sparrow.bench..", INCUBATOR)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("sparrow.bench..");

    /** Classes of the incubator are there in the profile device alone. */
    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_INCUBATOR = noClasses()
            .that()
            .resideOutsideOfPackage(INCUBATOR)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INCUBATOR);

    /** The order of its sum is left open, and changes once the JIT has compiled the caller: results would not repeat. */
    @ArchTest
    static final ArchRule NO_SUM_OF_FLOATS_IS_LEFT_TO_REDUCE_LANES = noClasses()
            .should()
            .callMethodWhere(target(name("reduceLanes")).and(target(owner(name("jdk.incubator.vector.FloatVector")))));

    @ArchTest
    static final ArchRule MODEL_FAMILIES_DO_NOT_KNOW_EACH_OTHER = slices().matching("sparrow.models.(*)..")
            .should()
            .notDependOnEachOther()
            // What the families share: what a family is, files of keys, weights in every format, names and keys of
            // GGUF, frames of codes, conversion. Conversations know no family.
            .ignoreDependency(
                    alwaysTrue(),
                    resideInAnyPackage(
                            "sparrow.models.family",
                            "sparrow.models.chat",
                            "sparrow.models.config",
                            "sparrow.models.weights",
                            "sparrow.models.gguf",
                            "sparrow.models.frame",
                            "sparrow.models.convert"));

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("sparrow.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_KERNELS_TOUCH_THE_VECTOR_API = noClasses()
            .that()
            .resideOutsideOfPackage("sparrow.tensor.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector..");

    /** Native code stays where it is optional. */
    @ArchTest
    static final ArchRule ONLY_ONNX_TOUCHES_ONNX_RUNTIME = noClasses()
            .that()
            .resideOutsideOfPackage("sparrow.onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.onnxruntime..");

    /** Spark is where a cluster is asked for, and nowhere else. */
    @ArchTest
    static final ArchRule ONLY_THE_CLUSTER_TOUCHES_SPARK = noClasses()
            .that()
            .resideOutsideOfPackage("sparrow.cluster..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "scala..");

    /** The engine asks for large pages, and two optional modules call their libraries; nothing else leaves Java. */
    @ArchTest
    static final ArchRule ONLY_ONEDNN_GPU_AND_LARGE_PAGES_CALL_FOREIGN_FUNCTIONS = noClasses()
            .that()
            .resideOutsideOfPackages("sparrow.onednn", "sparrow.gpu.driver")
            .and()
            .doNotHaveFullyQualifiedName("sparrow.tensor.kernel.HugePages")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.Linker");

    /** Recordings of the command line are files; requests contain theirs. */
    @ArchTest
    static final ArchRule A_SERVER_OPENS_NO_FILE_AND_NO_URL = noClasses()
            .that()
            .resideInAnyPackage("sparrow.server..", "sparrow.webrtc..")
            .and()
            .doNotHaveFullyQualifiedName("sparrow.server.audio.RecordingFile")
            .should()
            .dependOnClassesThat(describe(
                    "open files or URLs",
                    type -> type.getPackageName().startsWith("java.net.http") || OPENING.contains(type.getFullName())));

    @ArchTest
    static final ArchRule NOTHING_BUT_THE_APP_PRINTS = noClasses()
            .that()
            .resideOutsideOfPackages("sparrow.app..", "sparrow.bench.jmh..")
            .should(ACCESS_STANDARD_STREAMS);

    private static ArchRule adheres(String drawing) {
        return adheres(Drawing.file(drawing), Drawing.packages(drawing));
    }

    private static ArchRule adheres(Path drawing, String... packages) {
        return classes()
                .that()
                .resideInAnyPackage(packages)
                .and()
                .resideOutsideOfPackage(INCUBATOR)
                .should(adhereToPlantUmlDiagram(drawing, consideringOnlyDependenciesInDiagram()));
    }
}
