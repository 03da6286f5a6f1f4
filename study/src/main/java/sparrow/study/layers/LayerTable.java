package sparrow.study.layers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.exit.Modality;

/**
 * The layer study in numbers.
 *
 * @param replies how many were read
 * @param modalities every layer over all positions of a modality, speech first; a modality that nothing was expected in
 *     is missing
 * @param places every layer at every place of the chunks of a modality
 */
public record LayerTable(int replies, List<Row> modalities, List<Place> places) {
    /**
     * A layer over all positions of a modality.
     *
     * @param mos of the sound of the layer's choices, over replies; null at text positions and where nothing was scored
     */
    public record Row(int layer, Modality modality, LayerMeans means, Mean mos) {}

    /**
     * A layer at one place of the chunks of a modality.
     *
     * @param chunkPosition from 1
     */
    public record Place(int layer, Modality modality, int chunkPosition, LayerMeans means) {}

    /**
     * Sums up replies that were read at the same layers, at least one.
     *
     * @param sounds what some of them sound like
     */
    static LayerTable of(List<ReplyReading> replies, Collection<LayerScores> sounds) {
        List<Row> rows = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        for (Modality modality : List.of(Modality.SPEECH, Modality.TEXT)) {
            SortedSet<Integer> chunkPositions = chunkPositions(replies, modality);
            if (chunkPositions.isEmpty()) continue;
            LayerMeans.Positions positions = LayerMeans.Positions.of(modality);
            List<LayerReading> layers = replies.getFirst().layers();
            for (int at = 0; at < layers.size(); at++) {
                int layer = layers.get(at).layer();
                LayerMeans means = LayerMeans.of(replies, at, positions);
                rows.add(new Row(layer, modality, means, modality == Modality.SPEECH ? mos(sounds, layer) : null));
                for (int place : chunkPositions) {
                    places.add(new Place(layer, modality, place, LayerMeans.of(replies, at, positions.at(place))));
                }
            }
        }
        return new LayerTable(replies.size(), Collections.unmodifiableList(rows), Collections.unmodifiableList(places));
    }

    private static Mean mos(Collection<LayerScores> sounds, int layer) {
        double[] scores = sounds.stream()
                .filter(sound -> sound.mos().containsKey(layer))
                .mapToDouble(sound -> sound.mos().get(layer))
                .toArray();
        return scores.length == 0 ? null : Mean.of(scores);
    }

    private static SortedSet<Integer> chunkPositions(List<ReplyReading> replies, Modality modality) {
        TreeSet<Integer> places = new TreeSet<>();
        for (ReplyReading reply : replies) {
            for (int at = 0; at < reply.positions(); at++) {
                if (reply.modality(at) == modality) places.add(reply.chunkPosition(at));
            }
        }
        return places;
    }

    /** The layers, ascending. */
    public List<Integer> layers() {
        return modalities.stream().map(Row::layer).distinct().toList();
    }

    /** The rows of one modality, by ascending layer. */
    public List<Row> of(Modality modality) {
        return modalities.stream().filter(row -> row.modality() == modality).toList();
    }

    /** The places of one modality. */
    public List<Place> placesOf(Modality modality) {
        return places.stream().filter(place -> place.modality() == modality).toList();
    }
}
