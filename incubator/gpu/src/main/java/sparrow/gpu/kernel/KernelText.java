package sparrow.gpu.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import sparrow.gpu.device.Language;

/**
 * The text of one program: a prologue, then bodies, each as often as there are variants of it. A variant is a body under a
 * name and some macros of its own, so that a program needs one build.
 */
final class KernelText {
    private final StringBuilder text = new StringBuilder();

    /**
     * Starts with the prologue, by which bodies mean the same in every language.
     *
     * @param teams of a work-group
     */
    KernelText(Language language, Lanes lanes, int teams) {
        String suffix = switch (language) {
            case OPENCL_C, OPENCL_C_WITH_PTX -> ".cl";
            case CUDA -> ".cu";
        };
        append("prologue" + suffix);
        text.append("#define TEAMS ").append(teams).append('\n');
        append(lanes.text());
        append("widen" + suffix);
        append("dot.cl");
        append("epilogue.cl");
    }

    /**
     * Adds a kernel.
     *
     * @param name of the kernel
     * @param body its file
     * @param macros of this variant and their values
     */
    KernelText with(String name, String body, SequencedMap<String, String> macros) {
        SequencedMap<String, String> all = new LinkedHashMap<>(macros);
        all.putFirst("NAME", name);
        all.forEach((macro, value) -> text.append("#define " + macro + " " + value + "\n"));
        append(body);
        all.keySet().forEach(macro -> text.append("#undef ").append(macro).append('\n'));
        return this;
    }

    /** Defines a macro for all that follows. */
    KernelText define(String macro, int value) {
        text.append("#define " + macro + " " + value + "\n");
        return this;
    }

    /** Adds a file of words that kernels use. */
    KernelText words(String file) {
        append(file);
        return this;
    }

    private void append(String file) {
        // Messages of a compiler name the file and its line.
        text.append("#line 1 \"").append(file).append("\"\n").append(read(file));
    }

    private static String read(String file) {
        try (InputStream in = KernelText.class.getResourceAsStream(file)) {
            if (in == null) throw new IllegalStateException("the kernel text " + file + " is not in this build");
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
