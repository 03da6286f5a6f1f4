package sparrow.app;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Options that had another name in the version before: they still work, and a line says what they are called now. */
final class RenamedOptions {
    private static final List<Renamed> RENAMED =
            List.of(new Renamed("--baseline-kv", "--skipped-kv"), new Renamed("--head-rows", "--speech-logits"));

    private static final String GONE = "--count-head-differences";

    private record Renamed(String before, String now) {
        /** The argument under today's name, if it is this option. */
        Optional<String> rewritten(String argument) {
            boolean itself = argument.equals(before) || argument.startsWith(before + "=");
            return itself ? Optional.of(now + argument.substring(before.length())) : Optional.empty();
        }
    }

    private RenamedOptions() {}

    /** The arguments under today's names; a line for each that had another goes to {@code err}. */
    static String[] today(String[] args, PrintWriter err) {
        List<String> today = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            String argument = args[i];
            if (argument.equals("--")) {
                // What follows are no options, whatever it looks like.
                today.addAll(Arrays.asList(args).subList(i, args.length));
                break;
            }
            if (argument.equals(GONE)) {
                say(err, GONE + " is gone: study layers reports how often the rows of --speech-logits differ");
                continue;
            }
            Optional<Renamed> renamed = RENAMED.stream()
                    .filter(option -> option.rewritten(argument).isPresent())
                    .findFirst();
            renamed.ifPresent(option -> say(err, option.before() + " is now " + option.now()));
            String rewritten =
                    renamed.flatMap(option -> option.rewritten(argument)).orElse(argument);
            boolean value = !today.isEmpty() && today.getLast().equals("--skipped-kv");
            if (value || rewritten.startsWith("--skipped-kv=")) rewritten = treatments(rewritten, err);
            today.add(rewritten);
        }
        return today.toArray(String[]::new);
    }

    /** {@code omit} was called {@code missing}; there may be several, with commas between them. */
    private static String treatments(String value, PrintWriter err) {
        String today = value.replaceAll("(?<=^|[=,])missing(?=,|$)", "omit");
        if (!today.equals(value)) say(err, "the value missing of --skipped-kv is now omit");
        return today;
    }

    private static void say(PrintWriter err, String line) {
        err.println("sparrow: " + line);
        err.flush();
    }
}
