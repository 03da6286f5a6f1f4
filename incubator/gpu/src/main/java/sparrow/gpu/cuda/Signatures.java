package sparrow.gpu.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The arguments of kernels, read from PTX. The driver reads as many values as a kernel has arguments and does not
 * reject a launch with fewer values, so the arguments must be checked here.
 */
final class Signatures {
    private static final Pattern ENTRY = Pattern.compile("\\.entry\\s+([\\w$]+)\\s*\\(([^)]*)\\)");
    private static final Pattern ARGUMENT =
            Pattern.compile("\\.param\\s+(?:\\.align\\s+\\d+\\s+)?\\.[a-z](\\d+)[^,\\[]*(?:\\[(\\d+)\\])?");

    private Signatures() {}

    /** Returns argument sizes in bytes, by kernel name. */
    static Map<String, List<Integer>> of(String ptx) {
        Map<String, List<Integer>> found = new HashMap<>();
        Matcher entry = ENTRY.matcher(ptx);
        while (entry.find()) {
            List<Integer> sizes = new ArrayList<>();
            Matcher argument = ARGUMENT.matcher(entry.group(2));
            while (argument.find()) {
                int count = argument.group(2) == null ? 1 : Integer.parseInt(argument.group(2));
                sizes.add(Integer.parseInt(argument.group(1)) / Byte.SIZE * count);
            }
            found.put(entry.group(1), List.copyOf(sizes));
        }
        return found;
    }
}
