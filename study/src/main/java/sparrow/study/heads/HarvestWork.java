package sparrow.study.heads;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import sparrow.engine.decode.Limits;
import sparrow.engine.sample.Sampling;
import sparrow.engine.tensor.Tensor;
import sparrow.engine.unit.SpeechLogits;
import sparrow.models.SpokenModel;
import sparrow.study.read.HiddenStates;
import sparrow.study.read.ReplyReader;
import sparrow.study.run.Answering;
import sparrow.study.run.BadParcelException;
import sparrow.study.run.Decoding;
import sparrow.study.run.Form;
import sparrow.study.run.Parcel;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.WorkKind;

/** Answers every prompt at full depth, and keeps what the store holds of the reply. */
record HarvestWork(HarvestLayout layout, Sampling sampling, int newTokens) implements Answering<HarvestRows> {
    private static final String KIND = "harvest";

    private record RowsJson(int positions) {}

    /** For workers elsewhere. */
    public static final class Kind implements WorkKind {
        @Override
        public String name() {
            return KIND;
        }

        @Override
        public HarvestWork work(Parcel settings) {
            return settings.read(HarvestWork.class);
        }
    }

    @Override
    public List<PolicyCase> cases() {
        return List.of(PolicyCase.NONE);
    }

    @Override
    public Decoding decoding() {
        return new Decoding(sampling, Limits.newTokens(newTokens), SpeechLogits.ALL);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Parcel settings() {
        return Parcel.of(this);
    }

    @Override
    public Form<HarvestRows> findings() {
        return Form.of(HarvestWork::parcel, this::rows);
    }

    /** Tensors are attachments, in the order of the layout. */
    private static Parcel parcel(HarvestRows rows) {
        byte[][] tensors = rows.tensors().stream()
                .map(tensor -> tensor.data().toArray(ValueLayout.JAVA_BYTE))
                .toArray(byte[][]::new);
        return Parcel.of(new RowsJson(rows.positions()), tensors);
    }

    private HarvestRows rows(Parcel parcel) {
        int positions = parcel.read(RowsJson.class).positions();
        if (positions < 1) throw new BadParcelException("reply: expected 1 position or more, found " + positions);
        Iterator<byte[]> tensors = parcel.attachments().iterator();
        return HarvestRows.of(layout, positions, description -> {
            byte[] bytes = tensors.hasNext() ? tensors.next() : new byte[0];
            if (bytes.length == description.bytes()) {
                return new Tensor(MemorySegment.ofArray(bytes), description.dtype(), description.shape());
            }
            throw new BadParcelException("tensor " + description.name() + ": expected " + description.bytes()
                    + " bytes, found " + bytes.length);
        });
    }

    @Override
    public Finder<HarvestRows> finder(SpokenModel model) {
        int last = model.languageModel().transformer().config().layers();
        ReplyReader reader = new ReplyReader(model, new TreeSet<>(layout.layers()));
        LastLayer lastLayer = new LastLayer(model.languageModel());
        return (_, prompt, reply) -> {
            HiddenStates states = reader.read(prompt, reply.tokens());
            return HarvestRows.of(
                    layout, reply.steps(), states::after, lastLayer.distributions(states.after(last), layout.top()));
        };
    }
}
