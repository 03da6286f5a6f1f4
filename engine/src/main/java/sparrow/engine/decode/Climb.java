package sparrow.engine.decode;

import java.util.List;
import sparrow.engine.exit.Exit;
import sparrow.engine.sample.Prediction;
import sparrow.engine.transformer.Position;

/**
 * The newest position of a reply on its way up, from exit to exit (section 4.2.2). Pending positions of its sequence ride along
 * (4.2.3).
 */
final class Climb {
    private final List<Exit> exits;
    private final List<Position> positions;
    private final long start;
    private int passed;
    private double entropy = Double.NaN;

    /** @param exits in the order in which the newest position comes to them; it takes the last one in any case */
    Climb(List<Exit> exits, Sequence sequence) {
        this.exits = exits;
        this.positions = sequence.below(exits.getLast().layer());
        this.start = depths();
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

    /** Entropy that the head of the last conditional exit showed, in nats; NaN if there was none. */
    double entropy() {
        return entropy;
    }

    /** Layers that positions have gone through since the climb began, added up. */
    long positionLayers() {
        return depths() - start;
    }

    private long depths() {
        return positions.stream().mapToLong(Position::depth).sum();
    }
}
