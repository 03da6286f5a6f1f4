package sparrow.study.paper;

import sparrow.engine.exit.ExitPolicy;

/** Draws figure 1 of the paper: which layers each speech position runs, and when. */
final class ScheduleFigure {
    private static final int POSITIONS = 8;
    private static final int STEP = 40;
    private static final int LEFT = 70;
    private static final int TOP = 12;
    private static final int HEIGHT = 128;

    private ScheduleFigure() {}

    /**
     * @param policy a schedule
     * @param layers number of layers of the model
     */
    static String of(ExitPolicy policy, int layers) {
        int exit = policy.exitLayers().getFirst();
        int top = TOP + HEIGHT - HEIGHT * exit / layers;
        StringBuilder svg = new StringBuilder(("<figure><svg class=\"schedule\" viewBox=\"0 0 400 190\" role=\"img\""
                        + " aria-label=\"Layers of each speech position\"><text x=\"62\" y=\"20\" class=\"end\">layer %d</text>"
                        + "<text x=\"62\" y=\"%d\" class=\"end\">layer %d</text><text x=\"62\" y=\"138\" class=\"end\">layer 1</text>"
                        + "<line class=\"exit\" x1=\"%d\" x2=\"392\" y1=\"%d\" y2=\"%d\"/>")
                .formatted(layers, top + 4, exit, LEFT, top, top));
        for (int position = 1; position <= POSITIONS; position++) {
            int x = LEFT + 2 + (position - 1) * STEP;
            boolean early = policy.exits(position, layers).getFirst().layer() == exit;
            svg.append(rectangle("run", x, early ? top : TOP, TOP + HEIGHT));
            if (early) svg.append(rectangle("later", x, TOP, top));
            svg.append("<text x=\"%d\" y=\"158\" class=\"middle\">%s</text>".formatted(x + 15, early ? "E" : "F"));
        }
        return svg
                + "<text x=\"72\" y=\"182\">speech positions, in time →</text></svg><figcaption>Figure 1 of the paper, with "
                + policy
                + ": F runs all layers. E decides its token at the exit layer, and the next F computes the keys and values of its"
                + " upper layers (outlined) in the same pass.</figcaption></figure>";
    }

    private static String rectangle(String style, int x, int from, int to) {
        return "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"30\" height=\"%d\"/>".formatted(style, x, from, to - from);
    }
}
