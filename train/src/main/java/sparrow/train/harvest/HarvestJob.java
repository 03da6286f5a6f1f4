package sparrow.train.harvest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;
import sparrow.engine.decode.Limits;
import sparrow.engine.head.Sampling;
import sparrow.models.SpokenModel;
import sparrow.study.read.ReplyReader;
import sparrow.study.run.BadMessageException;
import sparrow.study.run.Decoding;
import sparrow.study.run.GenerationJob;
import sparrow.study.run.PolicyCase;
import sparrow.tensor.Tensor;

/** Answers every prompt at full depth and returns the part of the reply that the store contains. */
record HarvestJob(StoreMetadata store, Sampling sampling, int newTokens)
        implements GenerationJob<HarvestJob.Harvested> {
    /**
     * The rows of one reply in the form in which they are sent.
     *
     * @param tensors content in the order of {@link StoreMetadata#tensors}, little-endian
     */
    record Harvested(int positions, List<byte[]> tensors) {
        Harvested {
            tensors = List.copyOf(tensors);
        }

        static Harvested of(HarvestRows rows) {
            return new Harvested(
                    rows.positions(),
                    rows.tensors().values().stream()
                            .map(tensor -> tensor.data().toArray(ValueLayout.JAVA_BYTE))
                            .toList());
        }

        /**
         * Converts the content to rows.
         *
         * @throws BadMessageException if the tensors do not match the store
         */
        HarvestRows rows(StoreMetadata store) {
            int expected = store.tensors(1).size();
            if (positions < 1 || tensors.size() != expected) {
                throw new BadMessageException("reply: expected 1 position or more and " + expected + " tensors, found "
                        + positions + " and " + tensors.size());
            }
            Iterator<byte[]> all = tensors.iterator();
            return HarvestRows.of(store, positions, description -> {
                byte[] bytes = all.next();
                if (bytes.length == description.bytes()) {
                    return new Tensor(MemorySegment.ofArray(bytes), description.dtype(), description.shape());
                }
                throw new BadMessageException("tensor " + description.name() + ": expected " + description.bytes()
                        + " bytes, found " + bytes.length);
            });
        }
    }

    @Override
    public List<PolicyCase> cases() {
        return List.of(PolicyCase.NONE);
    }

    @Override
    public Decoding decoding() {
        return new Decoding(sampling, Limits.newTokens(newTokens));
    }

    @Override
    public Reader<Harvested> reader(SpokenModel model) {
        int last = model.languageModel().transformer().config().layers();
        ReplyReader replies = new ReplyReader(model, new TreeSet<>(store.storedLayers()));
        LastLayer lastLayer = new LastLayer(model.languageModel());
        return (_, prompt, reply) -> {
            SortedMap<Integer, List<float[]>> states = replies.read(prompt, reply.units());
            return Harvested.of(HarvestRows.of(
                    store,
                    reply.steps(),
                    states::get,
                    lastLayer.distributions(states.get(last), store.targets().top())));
        };
    }
}
