package sparrow.app;

import java.io.Console;
import java.util.List;
import sparrow.engine.interleave.Modality;
import sparrow.engine.reply.Step;

/** The screen of standard output: colours on a terminal, plain characters elsewhere. */
record Screen(boolean colours) {
    private static final String TEXT = "\u001b[36m";
    private static final String FULL = "\u001b[33m";
    private static final String EARLY = "\u001b[32m";
    private static final String DRAFT = "\u001b[35m";
    private static final String DIM = "\u001b[2m";
    private static final String RESET = "\u001b[0m";

    /** The screen of this process. */
    static Screen ofProcess() {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        return new Screen(terminal && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM")));
    }

    /** A quieter piece of text. */
    String dim(String text) {
        return colours ? DIM + text + RESET : text;
    }

    /**
     * The token sequence, one letter a token: T text, t text that left early, F speech at full depth, E speech that left early, D speech
     * that left early as a draft and was confirmed at full depth.
     *
     * @param layers L
     */
    String strip(List<Step> steps, int layers) {
        StringBuilder strip = new StringBuilder();
        for (Step step : steps) {
            boolean early = step.exitLayer() < layers;
            if (step.modality() == Modality.TEXT) strip.append(mark(TEXT, early ? "t" : "T"));
            else if (step.draftLayer() > 0) strip.append(mark(DRAFT, "D"));
            else strip.append(early ? mark(EARLY, "E") : mark(FULL, "F"));
        }
        return strip.toString();
    }

    /** The meaning of the marks in the strip of these steps. */
    String legend(List<Step> steps) {
        String always = mark(TEXT, "T") + " text  " + mark(FULL, "F") + " speech, full depth  ";
        boolean drafted = steps.stream().anyMatch(step -> step.draftLayer() > 0);
        return always
                + (drafted ? mark(DRAFT, "D") + " speech, draft confirmed" : mark(EARLY, "E") + " speech, left early");
    }

    private String mark(String colour, String letter) {
        return colours ? colour + letter + RESET : letter;
    }
}
