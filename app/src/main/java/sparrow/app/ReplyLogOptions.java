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
            description = "A line for each reply: none, text or json. Default: ${DEFAULT-VALUE}.")
    private Form form;

    @Option(
            names = "--set log-content",
            arity = "1",
            paramLabel = "true|false",
            description = "Put the text of a reply into its line. Default: false.")
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
