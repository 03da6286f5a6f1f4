package sparrow.study.layers;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.exit.Head;
import sparrow.models.SpokenModel;
import sparrow.study.read.ReplyReader;
import sparrow.study.run.Answering;
import sparrow.study.run.Decoding;
import sparrow.study.run.Form;
import sparrow.study.run.KeptReply;
import sparrow.study.run.Parcel;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Replies;
import sparrow.study.run.WorkKind;

/** Answers every question at full depth, and reads the layers of the reply. */
record ReadingWork(Lens lens, SortedSet<Integer> layers, Decoding decoding) implements Answering<ReplyReading> {
    private static final String KIND = "read-layers";

    /** For workers elsewhere. */
    public static final class Kind implements WorkKind {
        @Override
        public String name() {
            return KIND;
        }

        @Override
        public ReadingWork work(Parcel settings) {
            return settings.read(ReadingWork.class);
        }
    }

    static ReadingWork of(LayerSetup setup) {
        return new ReadingWork(setup.lens(), setup.layers(), setup.decoding());
    }

    @Override
    public List<PolicyCase> cases() {
        return List.of(PolicyCase.NONE);
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
    public Form<ReplyReading> findings() {
        return Form.json(ReplyReading.class);
    }

    @Override
    public Finder<ReplyReading> finder(SpokenModel model) {
        SortedMap<Integer, Head> heads = lens.heads(layers, model.languageModel());
        ReplyReader replies = new ReplyReader(model, new TreeSet<>(heads.keySet()));
        LensReader reader = new LensReader(model.languageModel(), heads);
        return (_, prompt, reply) -> {
            String text = Replies.text(model, reply.tokens());
            return new ReplyReading(
                    KeptReply.of(reply, text, prompt.tokens().length, null),
                    reader.read(replies.read(prompt, reply.tokens())));
        };
    }
}
