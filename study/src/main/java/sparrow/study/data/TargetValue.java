package sparrow.study.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SEMPRE's way to write answers: {@code (list (description Lawyer) (description "Tony Warren"))}. A value with blanks or
 * parentheses stands in quotation marks, in which a backslash takes the character after it as it is.
 */
final class TargetValue {
    private static final Pattern DESCRIPTION =
            Pattern.compile("\\s*\\(description\\s+(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s()\"]+))\\)");

    private static final Pattern LIST = Pattern.compile("\\(list((?:" + DESCRIPTION + ")++)\\s*\\)");

    private TargetValue() {}

    /** The values in their order; none if the text is no such list or a value is blank. */
    static Optional<List<String>> descriptions(String text) {
        if (!LIST.matcher(text).matches()) return Optional.empty();
        List<String> values = new ArrayList<>();
        Matcher description = DESCRIPTION.matcher(text);
        while (description.find()) values.add(value(description.toMatchResult()));
        return values.stream().anyMatch(String::isBlank) ? Optional.empty() : Optional.of(values);
    }

    private static String value(MatchResult description) {
        String quoted = description.group(1);
        return quoted == null ? description.group(2) : quoted.replaceAll("\\\\(.)", "$1");
    }
}
