package sparrow.rules;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import sparrow.engine.weights.BadFileException;

/** The arrows of the house: who may use whom. Rooms that do not exist yet are named already. */
@AnalyzeClasses(packages = "sparrow", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule MODULES_USE_ONLY_THOSE_BELOW = layers().layer("engine")
            .definedBy("sparrow.engine..")
            .layer("speech")
            .definedBy("sparrow.speech..")
            .layer("models")
            .definedBy("sparrow.models..")
            .layer("onnx")
            .definedBy("sparrow.onnx..")
            .layer("server")
            .definedBy("sparrow.server..")
            .layer("app")
            .definedBy("sparrow.app..")
            .layer("study")
            .definedBy("sparrow.study..")
            .whereLayer("engine")
            .mayNotAccessAnyLayer()
            .whereLayer("speech")
            .mayOnlyAccessLayers("engine")
            .whereLayer("models")
            .mayOnlyAccessLayers("engine", "speech")
            .whereLayer("onnx")
            .mayOnlyAccessLayers("engine", "speech")
            .whereLayer("server")
            .mayOnlyAccessLayers("engine", "speech", "models")
            .whereLayer("app")
            .mayOnlyAccessLayers("engine", "speech", "models", "server")
            .whereLayer("study")
            .mayOnlyAccessLayers("engine", "speech", "models", "onnx", "app");

    /** The laboratory uses the instrument, never the other way round. */
    @ArchTest
    static final ArchRule THE_INSTRUMENT_KNOWS_NO_LABORATORY = noClasses()
            .that()
            .resideOutsideOfPackage("sparrow.study..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("sparrow.study..");

    /** What the instrument does without when the artifacts behind it are not on the class path. */
    @ArchTest
    static final ArchRule ONLY_THE_LABORATORY_NEEDS_ONNX = noClasses()
            .that()
            .resideOutsideOfPackages("sparrow.study..", "sparrow.onnx..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("sparrow.onnx..");

    /** Of the rest of the laboratory, which prints nothing, only reports share something with the command line. */
    @ArchTest
    static final ArchRule ONLY_COMMANDS_OF_THE_STUDY_USE_THOSE_OF_THE_APP = noClasses()
            .that()
            .resideInAPackage("sparrow.study..")
            .and()
            .resideOutsideOfPackage("sparrow.study.cli")
            .should()
            .dependOnClassesThat(resideInAPackage("sparrow.app..").and(not(resideInAPackage("sparrow.app.report"))));

    @ArchTest
    static final ArchRule ROOMS_OF_THE_APP_KEEP_TO_THEIR_ARROWS = layers().layer("commands")
            .definedBy("sparrow.app")
            .layer("bench")
            .definedBy("sparrow.app.bench")
            .layer("report")
            .definedBy("sparrow.app.report")
            .whereLayer("bench")
            .mayOnlyAccessLayers("report")
            .whereLayer("report")
            .mayNotAccessAnyLayer();

    @ArchTest
    static final ArchRule ROOMS_OF_THE_ENGINE_KEEP_TO_THEIR_ARROWS = layers().layer("tensor")
            .definedBy("sparrow.engine.tensor")
            .layer("weights")
            .definedBy("sparrow.engine.weights")
            .layer("kernel")
            .definedBy("sparrow.engine.kernel")
            .layer("text")
            .definedBy("sparrow.engine.text")
            .layer("transformer")
            .definedBy("sparrow.engine.transformer")
            .layer("interleave")
            .definedBy("sparrow.engine.interleave")
            .layer("exit")
            .definedBy("sparrow.engine.exit")
            .layer("sample")
            .definedBy("sparrow.engine.sample")
            .layer("decode")
            .definedBy("sparrow.engine.decode")
            .whereLayer("tensor")
            .mayNotAccessAnyLayer()
            .whereLayer("weights")
            .mayOnlyAccessLayers("tensor")
            .whereLayer("kernel")
            .mayOnlyAccessLayers("tensor")
            .whereLayer("text")
            .mayNotAccessAnyLayer()
            .whereLayer("transformer")
            .mayOnlyAccessLayers("kernel", "weights", "tensor")
            .whereLayer("interleave")
            .mayNotAccessAnyLayer()
            // Heads are sized by the transformer, and share its output matrix.
            .whereLayer("exit")
            .mayOnlyAccessLayers("interleave", "transformer", "kernel", "weights", "tensor")
            .whereLayer("sample")
            .mayOnlyAccessLayers("exit")
            .whereLayer("decode")
            .mayOnlyAccessLayers("interleave", "transformer", "exit", "sample", "kernel")
            // How a wrong file is reported is the same everywhere.
            .ignoreDependency(alwaysTrue(), equivalentTo(BadFileException.class));

    @ArchTest
    static final ArchRule ROOMS_OF_SPEECH_KEEP_TO_THEIR_ARROWS = layers().layer("wave")
            .definedBy("sparrow.speech.wave")
            .layer("spectrum")
            .definedBy("sparrow.speech.spectrum")
            .layer("encode")
            .definedBy("sparrow.speech.encode")
            .layer("voice")
            .definedBy("sparrow.speech.voice")
            .layer("layers")
            .definedBy("sparrow.speech.layers")
            .layer("flow")
            .definedBy("sparrow.speech.flow")
            .layer("flow.unet")
            .definedBy("sparrow.speech.flow.unet")
            .layer("flow.dit")
            .definedBy("sparrow.speech.flow.dit")
            .layer("hift")
            .definedBy("sparrow.speech.hift")
            .layer("vocode")
            .definedBy("sparrow.speech.vocode")
            .layer("kernel, tensor, weights")
            .definedBy("sparrow.engine.kernel", "sparrow.engine.tensor", "sparrow.engine.weights")
            .layer("rest of the engine")
            .definedBy(
                    "sparrow.engine.text", "sparrow.engine.transformer", "sparrow.engine.exit", "sparrow.engine.decode")
            .whereLayer("wave")
            .mayOnlyAccessLayers("kernel, tensor, weights")
            .whereLayer("spectrum")
            .mayOnlyAccessLayers("kernel, tensor, weights")
            .whereLayer("encode")
            .mayOnlyAccessLayers("spectrum", "wave", "layers", "kernel, tensor, weights")
            .whereLayer("voice")
            .mayOnlyAccessLayers("spectrum", "wave", "kernel, tensor, weights")
            .whereLayer("layers")
            .mayOnlyAccessLayers("kernel, tensor, weights")
            .whereLayer("flow")
            .mayOnlyAccessLayers("layers", "kernel, tensor, weights")
            .whereLayer("flow.unet")
            .mayOnlyAccessLayers("flow", "layers", "kernel, tensor, weights")
            .whereLayer("flow.dit")
            .mayOnlyAccessLayers("flow", "voice", "layers", "kernel, tensor, weights")
            .whereLayer("hift")
            .mayOnlyAccessLayers("layers", "kernel, tensor, weights")
            .whereLayer("vocode")
            .mayOnlyAccessLayers(
                    "voice", "flow.unet", "flow.dit", "hift", "layers", "spectrum", "wave", "kernel, tensor, weights");

    @ArchTest
    static final ArchRule ROOMS_OF_THE_STUDY_KEEP_TO_THEIR_ARROWS = layers().layer("data")
            .definedBy("sparrow.study.data")
            .layer("text")
            .definedBy("sparrow.study.text")
            .layer("http")
            .definedBy("sparrow.study.http")
            .layer("command")
            .definedBy("sparrow.study.command")
            .layer("speak")
            .definedBy("sparrow.study.speak")
            .layer("asr")
            .definedBy("sparrow.study.asr")
            .layer("judge")
            .definedBy("sparrow.study.judge")
            .layer("mos")
            .definedBy("sparrow.study.mos")
            .layer("heads")
            .definedBy("sparrow.study.heads")
            .layer("run")
            .definedBy("sparrow.study.run")
            .layer("read")
            .definedBy("sparrow.study.read")
            .layer("report")
            .definedBy("sparrow.study.report")
            .layer("compare")
            .definedBy("sparrow.study.compare")
            .layer("layers")
            .definedBy("sparrow.study.layers")
            .layer("tune")
            .definedBy("sparrow.study.tune")
            .layer("cli")
            .definedBy("sparrow.study.cli")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("heads")
            .mayOnlyAccessLayers("run", "read", "data")
            .whereLayer("read")
            .mayOnlyAccessLayers("report")
            .whereLayer("data")
            .mayNotAccessAnyLayer()
            .whereLayer("text")
            .mayNotAccessAnyLayer()
            .whereLayer("http")
            .mayNotAccessAnyLayer()
            .whereLayer("command")
            .mayNotAccessAnyLayer()
            .whereLayer("speak")
            .mayOnlyAccessLayers("data", "command")
            .whereLayer("asr")
            .mayOnlyAccessLayers("http")
            .whereLayer("judge")
            .mayOnlyAccessLayers("data", "text", "http")
            .whereLayer("mos")
            .mayOnlyAccessLayers("command")
            .whereLayer("run")
            .mayOnlyAccessLayers("data", "speak")
            .whereLayer("report")
            .mayNotAccessAnyLayer()
            .whereLayer("compare")
            .mayOnlyAccessLayers("run", "report", "data", "speak", "asr", "mos", "judge", "text")
            .whereLayer("layers")
            .mayOnlyAccessLayers("run", "read", "report", "data", "speak", "mos")
            .whereLayer("tune")
            .mayOnlyAccessLayers("compare", "layers", "run", "report");

    @ArchTest
    static final ArchRule MODEL_FAMILIES_DO_NOT_KNOW_EACH_OTHER = slices().matching("sparrow.models.(*)..")
            .should()
            .notDependOnEachOther()
            // What the families share: what a family is, files of keys, weights in every format, names and keys of
            // GGUF.
            .ignoreDependency(
                    alwaysTrue(),
                    resideInAnyPackage(
                            "sparrow.models.family",
                            "sparrow.models.config",
                            "sparrow.models.weights",
                            "sparrow.models.gguf",
                            "sparrow.models.convert"));

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("sparrow.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_KERNELS_TOUCH_THE_VECTOR_API = noClasses()
            .that()
            .resideOutsideOfPackage("sparrow.engine.kernel")
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

    @ArchTest
    static final ArchRule NOTHING_BUT_THE_APP_PRINTS =
            noClasses().that().resideOutsideOfPackage("sparrow.app..").should(ACCESS_STANDARD_STREAMS);

    /** So that a language model without audio can be measured. */
    @ArchTest
    static final ArchRule BENCH_KNOWS_THE_ENGINE_ALONE = noClasses()
            .that()
            .resideInAPackage("sparrow.app.bench..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("sparrow.speech..", "sparrow.models..");

    private static LayeredArchitecture layers() {
        return layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
    }
}
