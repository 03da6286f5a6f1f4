package sparrow.gpu.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import sparrow.engine.decode.LanguageModel;

/**
 * The settings of a benchmark of a model on a device.
 *
 * @param exitLayers layers after which steps exit early
 * @param contexts numbers of positions that precede a step; every kind of step is measured after each number of
 *     positions
 * @param prefills numbers of rows per prefill
 * @param steps number of steps of each kind
 * @param rounds number of repetitions of each prefill
 */
public record DeviceSettings(
        List<Integer> exitLayers, List<Integer> contexts, List<Integer> prefills, int steps, int rounds) {
    /** Maximum number of positions in a step: the new position and two pending positions. */
    private static final int OWN = 3;

    public DeviceSettings {
        exitLayers = List.copyOf(new LinkedHashSet<>(exitLayers));
        contexts = List.copyOf(new LinkedHashSet<>(contexts));
        prefills = List.copyOf(new LinkedHashSet<>(prefills));
        for (int context : contexts) positive("--positions", context);
        for (int rows : prefills) positive("--prefill", rows);
        positive("--steps", steps);
        positive("--rounds", rounds);
    }

    private static void positive(String option, int value) {
        if (value < 1) throw new IllegalArgumentException(option + ": expected 1 or more, got " + value);
    }

    /**
     * Returns a copy limited to a model's context length: contexts are shortened, and prefills that are too long are
     * removed.
     */
    public DeviceSettings fitting(LanguageModel model) {
        int most = model.transformer().config().contextLength();
        List<Integer> shorter = new ArrayList<>();
        for (int context : contexts) shorter.add(Math.min(context, most - OWN));
        return new DeviceSettings(
                exitLayers,
                shorter,
                prefills.stream().filter(rows -> rows <= most).toList(),
                steps,
                rounds);
    }

    /**
     * Checks that the settings fit a model.
     *
     * @throws IllegalArgumentException if a setting exceeds the context length, or an exit layer has no head; the
     *     message is one line
     */
    public void check(LanguageModel model) {
        int most = model.transformer().config().contextLength();
        for (int context : contexts) fits("--positions", context, most - OWN);
        for (int rows : prefills) fits("--prefill", rows, most);
        for (int layer : exitLayers) model.heads().at(layer);
    }

    private static void fits(String option, int value, int most) {
        if (value > most) {
            throw new IllegalArgumentException(
                    option + ": expected 1 to " + most + " in the context of this model, got " + value);
        }
    }
}
