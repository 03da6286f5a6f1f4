package sparrow.study.layers;

import java.util.List;
import sparrow.engine.interleave.Unit;

/**
 * The distributions of one layer at every position of a reply: the parts of {@link Reading}, one element per decided
 * unit each.
 *
 * @param layer from 1
 */
record LayerReading(
        int layer, List<Unit> choices, List<Integer> ranks, List<Float> entropies, List<Float> divergences) {
    LayerReading {
        choices = List.copyOf(choices);
        ranks = List.copyOf(ranks);
        entropies = List.copyOf(entropies);
        divergences = List.copyOf(divergences);
        int positions = choices.size();
        if (ranks.size() != positions || entropies.size() != positions || divergences.size() != positions) {
            throw new IllegalArgumentException("layer " + layer + ": expected lists of the same length");
        }
    }

    static LayerReading of(int layer, List<Reading> readings) {
        return new LayerReading(
                layer,
                readings.stream().map(Reading::choice).toList(),
                readings.stream().map(Reading::rank).toList(),
                readings.stream().map(Reading::entropy).toList(),
                readings.stream().map(Reading::divergence).toList());
    }

    int positions() {
        return choices.size();
    }

    Reading at(int position) {
        return new Reading(
                choices.get(position), ranks.get(position), entropies.get(position), divergences.get(position));
    }
}
