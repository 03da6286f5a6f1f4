package sparrow.gpu.cuda;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import sparrow.gpu.driver.SharedLibrary;

/** NVIDIA's compiler as it is here; it needs no card. Where it is not, whoever asks is skipped with the reason. */
public final class NvrtcUnderTest {
    private static final int NEWEST = 13;

    private NvrtcUnderTest() {}

    /**
     * Compiles for the newest card that it knows: to code, or to PTX as for a card that is newer.
     *
     * @return sizes of the arguments in bytes, by the names of the kernels
     */
    public static Map<String, List<Integer>> compile(String text, boolean newerCard) {
        Nvrtc compiler = new Nvrtc(find());
        int newest = Collections.max(compiler.architectures());
        Architecture architecture = Architecture.of(newerCard ? newest + 1 : newest, compiler.architectures())
                .orElseThrow();
        return compiler.compile("the kernels", text, architecture).signatures();
    }

    private static SharedLibrary find() {
        List<String> names = CudaLibraries.compilers(System.getProperty("os.name"), NEWEST);
        return CudaLibraries.compiler(NEWEST)
                .orElseGet(() -> Assumptions.abort("no compiler of CUDA (" + String.join(", ", names) + ")"));
    }
}
