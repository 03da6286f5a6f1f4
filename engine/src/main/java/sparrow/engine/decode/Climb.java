package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.sample.Prediction;

/** The newest position of a reply on its way up, from exit to exit (section 4.2.2). */
final class Climb {
    private final List<Exit> exits;
    private int passed;
    private double entropy = Double.NaN;

    /** @param exits in the order in which the position comes to them; it takes the last one in any case */
    Climb(List<Exit> exits) {
        this.exits = exits;
    }

    /** The exit that the position comes to next, or through which it has left. */
    Exit exit() {
        return exits.get(passed);
    }

    /** At the exit: the position leaves, or is too unsure and climbs on. */
    boolean leaves(Prediction prediction) {
        if (!exit().isConditional()) return true;
        entropy = prediction.entropy();
        if (entropy < exit().belowNats()) return true;
        passed++;
        return false;
    }

    /** What the head of the last conditional exit showed, in nats; NaN if there was none. */
    double entropy() {
        return entropy;
    }
}
