package sparrow.study.heads;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.decode.Step;
import sparrow.engine.decode.StepListener;
import sparrow.engine.exit.Modality;

/** Keeps the hidden states and steps of one reply, and makes its record of them. */
final class ReplyRecorder implements StepListener {
    private final RecordLayout layout;
    private final int modelLayers;
    private final SortedSet<Integer> watched;
    private final List<Step> steps = new ArrayList<>();

    /** For every layer of the layout: powers of two, and f16 values, of position after position. */
    private final List<List<StoredRow>> states = new ArrayList<>();

    /** The last layer's states as they are: what the last layer's head is asked with. */
    private final List<float[]> last = new ArrayList<>();

    private record StoredRow(byte exponent, byte[] halves) {}

    /**
     * @param modelLayers L
     */
    ReplyRecorder(RecordLayout layout, int modelLayers) {
        this.layout = layout;
        this.modelLayers = modelLayers;
        this.watched = new TreeSet<>(layout.layers());
        watched.add(modelLayers);
        for (int i = 0; i < layout.layers().size(); i++) states.add(new ArrayList<>());
    }

    @Override
    public SortedSet<Integer> watched() {
        return watched;
    }

    @Override
    public void state(int layer, float[] hidden) {
        if (layer == modelLayers) last.add(hidden.clone());
        int index = layout.layers().indexOf(layer);
        if (index >= 0) states.get(index).add(stored(hidden));
    }

    private static StoredRow stored(float[] hidden) {
        byte exponent = HalfRows.exponent(hidden);
        ByteBuffer halves = ByteBuffer.allocate(2 * hidden.length).order(ByteOrder.LITTLE_ENDIAN);
        HalfRows.put(hidden, exponent, halves);
        return new StoredRow(exponent, halves.array());
    }

    @Override
    public void accept(Step step) {
        steps.add(step);
    }

    int positions() {
        return steps.size();
    }

    /** The record of {@link RecordLayout}. */
    byte[] record(LastLayer lastLayer) {
        int n = positions();
        ByteBuffer record =
                ByteBuffer.allocate(Math.toIntExact(layout.bytes(n))).order(ByteOrder.LITTLE_ENDIAN);
        for (Step step : steps) record.put((byte) (step.modality() == Modality.TEXT ? 0 : 1));
        for (Step step : steps) record.putInt(step.token());
        List<LastLayer.Distribution> distributions = lastLayer.distributions(last, layout.top());
        for (LastLayer.Distribution distribution : distributions) record.putInt(distribution.choice());
        for (List<StoredRow> layer : states) {
            for (StoredRow row : layer) record.put(row.exponent());
            for (StoredRow row : layer) record.put(row.halves());
        }
        if (layout.top() > 0) {
            for (LastLayer.Distribution distribution : distributions) {
                for (int token : distribution.tokens()) record.putInt(token);
            }
            for (LastLayer.Distribution distribution : distributions) {
                for (float log : distribution.logs()) record.putFloat(log);
            }
            for (LastLayer.Distribution distribution : distributions) record.putFloat(distribution.others());
        }
        return record.array();
    }
}
