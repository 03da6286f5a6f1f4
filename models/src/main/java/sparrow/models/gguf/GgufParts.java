package sparrow.models.gguf;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Gguf;

/** Checks that no tensor in an audio part's GGUF file is ignored. */
public final class GgufParts {
    private GgufParts() {}

    /**
     * Checks a count against the numbers in the tensor names, because tensors beyond the count would be ignored.
     *
     * @param key key of the count
     * @param prefix part of the names before the number
     * @throws BadFileException if there is a larger number
     */
    public static void requireCount(Gguf file, String key, String prefix, int count) {
        Pattern numbered = Pattern.compile(Pattern.quote(prefix) + "(\\d{1,9})\\..+");
        int found = file.names().stream()
                .map(numbered::matcher)
                .filter(Matcher::matches)
                .mapToInt(name -> Integer.parseInt(name.group(1)) + 1)
                .max()
                .orElse(0);
        if (found > count) throw file.values().wrong(key, found + ", as there are tensors " + prefix + "N", count);
    }

    /**
     * Rejects unknown tensors, because ignoring a tensor would change the model.
     *
     * @throws BadFileException if a tensor is unknown
     */
    public static void requireKnown(Gguf file, Predicate<String> known) {
        for (String name : file.names()) {
            if (!known.test(name))
                throw new BadFileException(file.source(), "tensor " + name, "is not part of this model");
        }
    }
}
