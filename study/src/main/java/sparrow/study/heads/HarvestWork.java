package sparrow.study.heads;

import java.util.List;
import java.util.TreeSet;
import sparrow.engine.decode.Limits;
import sparrow.engine.sample.Sampling;
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

/** Answers every prompt at full depth, and makes the record of the reply. */
record HarvestWork(RecordLayout layout, Sampling sampling, int newTokens) implements Answering<ReplyRecord> {
    private static final String KIND = "harvest";

    private record RecordJson(int positions) {}

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
    public Form<ReplyRecord> findings() {
        return Form.of(found -> Parcel.of(new RecordJson(found.positions()), found.bytes()), this::record);
    }

    private ReplyRecord record(Parcel parcel) {
        int positions = parcel.read(RecordJson.class).positions();
        byte[] bytes = parcel.attachment(0);
        if (positions > 0 && layout.fits(positions, bytes.length)) return new ReplyRecord(positions, bytes);
        throw new BadParcelException("record: " + bytes.length + " bytes are not those of " + positions + " positions");
    }

    @Override
    public Finder<ReplyRecord> finder(SpokenModel model) {
        int last = model.languageModel().transformer().config().layers();
        ReplyReader reader = new ReplyReader(model, new TreeSet<>(layout.layers()));
        LastLayer lastLayer = new LastLayer(model.languageModel());
        return (_, prompt, reply) -> {
            HiddenStates states = reader.read(prompt, reply.tokens());
            return ReplyRecord.of(
                    layout, reply.steps(), states::after, lastLayer.distributions(states.after(last), layout.top()));
        };
    }
}
