package sparrow.app;

import java.io.PrintWriter;
import picocli.CommandLine.Option;
import sparrow.server.metrics.ReplyLog;

/** Options of the log of replies; a picocli mixin. */
final class ReplyLogOptions {
    /** The form of a reply's line. */
    enum Form {
        NONE,
        TEXT,
        JSON
    }

    @Option(
            names = "--set log",
            paramLabel = "FORM",
            defaultValue = "none",
            description = "One line a reply with its times, tokens and depth: none, text or json. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Form form;

    @Option(
            names = "--set log-content",
            arity = "1",
            paramLabel = "true|false",
            description = "The text of a reply stands in its line too. Default: false.")
    private boolean content;

    ReplyLog log(PrintWriter out) {
        if (form == Form.NONE) return ReplyLog.NONE;
        return reply -> {
            ReplyLine line = ReplyLine.of(reply, content);
            out.println(form == Form.JSON ? line.json() : line.words());
            out.flush();
        };
    }
}
