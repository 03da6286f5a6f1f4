package sparrow.study.layers;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.engine.head.ExitHead;
import sparrow.models.SpokenModel;
import sparrow.study.read.ReplyReader;
import sparrow.study.run.Decoding;
import sparrow.study.run.GenerationJob;
import sparrow.study.run.KeptReply;
import sparrow.study.run.PolicyCase;
import sparrow.study.run.Replies;

/** Answers each question at full depth, and reads the layers of the reply. */
record ReadingJob(Lens lens, SortedSet<Integer> layers, Decoding decoding) implements GenerationJob<ReplyReading> {
    static ReadingJob of(LayerSetup setup) {
        return new ReadingJob(setup.lens(), setup.layers(), setup.study().decoding());
    }

    @Override
    public List<PolicyCase> cases() {
        return List.of(PolicyCase.NONE);
    }

    @Override
    public Reader<ReplyReading> reader(SpokenModel model) {
        SortedMap<Integer, ExitHead> heads = lens.heads(layers, model.languageModel());
        ReplyReader replies = new ReplyReader(model, new TreeSet<>(heads.keySet()));
        LensReader reader = new LensReader(model, lens, heads);
        return (_, prompt, reply) -> {
            String text = Replies.text(model, reply.units());
            return new ReplyReading(
                    KeptReply.of(reply, text, prompt.tokens().length, null),
                    reader.read(replies.read(prompt, reply.units()), reply.units()));
        };
    }
}
