package sparrow.app.answer;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import sparrow.app.console.Screen;
import sparrow.app.console.Screen.Colour;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.ComputeStats;
import sparrow.engine.reply.DepthSummary;
import sparrow.engine.reply.EarlyTokenAgreement;
import sparrow.engine.reply.Reply;
import sparrow.engine.reply.Runaway;
import sparrow.engine.reply.Step;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;

/** Prints a short report after an answer. */
final class AnswerReport {
    private final SpokenModel model;
    private final Screen screen;
    private final Duration start;

    /** @param start the time from the start of the JVM until the model was ready */
    AnswerReport(SpokenModel model, Screen screen, Duration start) {
        this.model = model;
        this.screen = screen;
        this.start = start;
    }

    /**
     * Prints the report in one line.
     *
     * @param written the answer's WAV file, or null if none was written
     */
    void printLine(Answer answer, Path written, PrintWriter out) {
        DepthSummary depth =
                DepthSummary.of(answer.reply(), model.languageModel().layers());
        List<String> parts = new ArrayList<>();
        parts.add(tokens(answer));
        parts.add(depth(depth));
        if (answer.speech().samples().length > 0) {
            parts.add(format(
                    "%.2f s of speech, first audio after %.2f s",
                    answer.speech().seconds(), answer.timing().firstAudio() / 1e9));
        }
        if (answer.truncation().positions() > 0) parts.add("forgot " + forgot(answer.truncation()));
        if (written != null) parts.add(written.toString());
        out.println();
        out.println(screen.paint(Colour.DIM, String.join("; ", parts)));
        out.flush();
    }

    /**
     * Prints the report in several lines.
     *
     * @param written the answer's WAV file, or null if none was written
     * @param examples questions that the model can answer, to be shown after a refusal
     */
    void print(Answer answer, Path written, List<String> examples, PrintWriter out) {
        int layers = model.languageModel().layers();
        DepthSummary depth = DepthSummary.of(answer.reply(), layers);
        out.println();
        out.println();
        if (!answer.understood().orElse(true) && !examples.isEmpty()) line(out, "ask", String.join("  ", examples));
        line(out, "tokens", tokens(answer));
        line(out, "depth", depth(depth));
        if (depth.speechPositions() > 0) line(out, "exits", exits(depth));
        verified(answer.reply()).ifPresent(text -> line(out, "verify", text));
        line(out, "time", time(answer));
        line(out, "trace", strip(answer.reply().steps(), layers));
        line(out, "", legend(answer.reply().steps()));
        if (answer.truncation().positions() > 0) line(out, "forgot", forgot(answer.truncation()));
        if (answer.prompt().unspeakableCodes() > 0) {
            line(
                    out,
                    "note",
                    answer.prompt().unspeakableCodes() + " codes of the question have no token and are skipped");
        }
        if (written != null) line(out, "speech", written.toString());
        else line(out, "speech", answer.speech().samples().length == 0 ? "none" : "not written (no --out)");
        out.println();
        out.flush();
    }

    private String tokens(Answer answer) {
        Reply reply = answer.reply();
        UnitFormat units = model.languageModel().units();
        long text = reply.steps().stream()
                .filter(step -> units.text(step.unit()).isPresent())
                .count();
        long speech = reply.steps().stream()
                .filter(step -> units.isSpeech(step.unit()))
                .count();
        return format("%d text, %d speech; %s", text, speech, early(reply).orElse("ended by itself"));
    }

    /** Returns a short reason why a reply was stopped, or empty if the reply ended normally. */
    static Optional<String> early(Reply reply) {
        return switch (reply.stop()) {
            case END_TOKEN -> Optional.empty();
            case NEW_TOKENS -> Optional.of("stopped: --max-new-tokens reached");
            case SPEECH_TAIL -> Optional.of("stopped: max-speech-tail reached");
            case RUNAWAY -> Optional.of("stopped: " + runaway(reply.runaway().orElseThrow()));
            case CONTEXT_FULL -> Optional.of("stopped: the context is full");
            case INTERRUPTED, CANCELLED -> Optional.of("stopped by the user");
        };
    }

    private static String runaway(Runaway runaway) {
        return switch (runaway.kind()) {
            case BUDGET -> "more speech than the text needs (stop-loops)";
            case SPEECH_CYCLE -> format("%d speech codes repeated in a loop (stop-loops)", runaway.period());
            case TEXT_CYCLE -> format("%d text tokens repeated in a loop (stop-loops)", runaway.period());
        };
    }

    private static String forgot(Window.Truncation forgotten) {
        List<String> what = new ArrayList<>();
        if (forgotten.turns() > 0) what.add(forgotten.turns() + " of the oldest turns");
        if (forgotten.replies() > 0) what.add("the audio of " + forgotten.replies() + " old replies");
        return String.join(", ", what)
                + format(" (%d positions) to make room", forgotten.positions())
                + (forgotten.exact() ? "" : "; the rest is an approximation");
    }

    private static String depth(DepthSummary depth) {
        if (depth.compute().total().drafted() > 0) {
            // A pass may accept drafts of the other modality, so the number of layers read is known only for both
            // modalities together.
            double saved = 100 * (1 - depth.layersRead() / depth.layers());
            return format(
                    "%.2f of %d layers read for a token (%.1f %% of the depth saved)",
                    depth.layersRead(), depth.layers(), saved);
        }
        String text = format("text %.2f of %d layers", depth.textLayersRead(), depth.layers());
        if (depth.speechPositions() == 0) return text;
        return text
                + format(
                        "; speech %.2f (%.1f %% of the depth saved)",
                        depth.speechLayersRead(), 100 * depth.depthSaved());
    }

    /** Returns the agreement of early tokens with full depth, if they were verified. */
    private static Optional<String> verified(Reply reply) {
        ComputeStats.Share compute = reply.compute().total();
        if (compute.drafted() > 0) {
            return Optional.of(format("drafted %d tokens, %d accepted", compute.drafted(), compute.accepted()));
        }
        EarlyTokenAgreement agreement = reply.agreement();
        if (agreement.checked() == 0) return Optional.empty();
        return Optional.of(format("checked %d early tokens, %d agreed", agreement.checked(), agreement.agreed()));
    }

    private static String exits(DepthSummary depth) {
        return "speech "
                + depth.speechExits().entrySet().stream()
                        .map(exit -> format(
                                "layer %d: %.0f %%", exit.getKey(), 100.0 * exit.getValue() / depth.speechPositions()))
                        .collect(Collectors.joining(", "));
    }

    private String time(Answer answer) {
        Answer.Timing timing = answer.timing();
        double total = timing.done() / 1e9;
        String ready = format("; ready %.1f s after the JVM started", start.toMillis() / 1e3);
        if (answer.speech().samples().length == 0) return format("%.2f s", total) + ready;
        double seconds = answer.speech().seconds();
        return format("%.2f s for %.2f s of speech, real-time factor %.2f", total, seconds, total / seconds)
                + format("; first audio after %.2f s", timing.firstAudio() / 1e9)
                + ready;
    }

    /**
     * Returns one letter per step: T for text, t for text that exited early, F for speech at full depth, E for speech
     * that exited early, and D for drafted speech that was accepted at full depth.
     */
    private String strip(List<Step> steps, int layers) {
        StringBuilder strip = new StringBuilder();
        for (Step step : steps) {
            boolean early = step.exitLayer() < layers;
            if (step.modality() == Modality.TEXT) strip.append(screen.paint(Colour.CYAN, early ? "t" : "T"));
            else if (step.draftLayer() > 0) strip.append(screen.paint(Colour.MAGENTA, "D"));
            else strip.append(early ? screen.paint(Colour.GREEN, "E") : screen.paint(Colour.YELLOW, "F"));
        }
        return strip.toString();
    }

    private String legend(List<Step> steps) {
        String always =
                screen.paint(Colour.CYAN, "T") + " text  " + screen.paint(Colour.YELLOW, "F") + " speech, full depth  ";
        boolean drafted = steps.stream().anyMatch(step -> step.draftLayer() > 0);
        return always
                + (drafted
                        ? screen.paint(Colour.MAGENTA, "D") + " speech, draft accepted"
                        : screen.paint(Colour.GREEN, "E") + " speech, exited early");
    }

    private void line(PrintWriter out, String label, String value) {
        out.println(screen.paint(Colour.DIM, format("%-7s", label)) + value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
