package sparrow.tensor.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Linux's description of the first processor. It consists of lines with a key, a colon and a value. On other systems,
 * there is no such file and every result is empty.
 *
 * @param file file with the description
 */
public record CpuInfo(Path file) {
    /** Returns the description of this machine. */
    public static CpuInfo here() {
        return new CpuInfo(Path.of("/proc/cpuinfo"));
    }

    /** Returns the processor's model name. */
    public Optional<String> model() {
        return first("model name");
    }

    /** Returns the width in bits of the widest vectors that the processor lists. */
    OptionalInt vectorBits() {
        Optional<String> features = first("flags|Features");
        if (features.isEmpty()) return OptionalInt.empty();
        return vectorBits(new HashSet<>(List.of(features.get().split("\\s+"))));
    }

    /** Returns whether this is a processor by Intel that lists AMX's instructions. */
    boolean isIntelWithAmx() {
        return first("vendor_id").filter("GenuineIntel"::equals).isPresent()
                && first("flags").stream()
                        .anyMatch(flags -> List.of(flags.split("\\s+")).contains("amx_bf16"));
    }

    private static OptionalInt vectorBits(Set<String> features) {
        // The JVM requires all of these before it uses 512-bit registers.
        if (features.containsAll(Set.of("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"))) {
            return OptionalInt.of(512);
        }
        if (features.contains("avx2")) return OptionalInt.of(256);
        if (features.contains("sse2")) return OptionalInt.of(128);
        // The file does not contain the length of SVE vectors.
        return features.contains("asimd") && !features.contains("sve") ? OptionalInt.of(128) : OptionalInt.empty();
    }

    private Optional<String> first(String key) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.matches("(" + key + ")\\s*:.*"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
