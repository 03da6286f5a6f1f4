package sparrow.study.heads;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import sparrow.models.SpokenModel;
import sparrow.study.run.BadParcelException;
import sparrow.study.run.Form;
import sparrow.study.run.Parcel;
import sparrow.study.run.Resumption;
import sparrow.study.run.RunStoppedException;
import sparrow.study.run.Work;
import sparrow.study.run.WorkKind;
import sparrow.study.run.Workers;

/**
 * Trains the head of one layer after the other, in folders that whoever does it sees: what is read and written is too large
 * to be sent.
 *
 * @param training how the heads are trained
 * @param store folder of the harvest
 * @param out a folder that was {@linkplain HeadTraining#begin begun}
 * @param proof what lies in {@code out} ({@link SharedFolder})
 */
record LayerWork(TrainingSettings training, String store, String out, String proof, Resumption resumption)
        implements Work<Integer, TrainedHead> {
    private static final String KIND = "train-layer";

    private record Settings(
            List<Integer> layers,
            HeadVocabulary vocabulary,
            HeadNorm norm,
            String shape,
            Hyperparameters hyperparameters,
            String store,
            String out,
            String proof,
            Resumption resumption) {}

    /** For workers elsewhere. */
    public static final class Kind implements WorkKind {
        @Override
        public String name() {
            return KIND;
        }

        @Override
        public LayerWork work(Parcel parcel) {
            Settings of = parcel.read(Settings.class);
            TrainingSettings settings = new TrainingSettings(
                    of.layers(), of.vocabulary(), of.norm(), HeadShape.parse(of.shape()), of.hyperparameters());
            return new LayerWork(settings, of.store(), of.out(), of.proof(), of.resumption());
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Parcel settings() {
        return Parcel.of(new Settings(
                training.layers(),
                training.vocabulary(),
                training.norm(),
                training.shape().toString(),
                training.hyperparameters(),
                store,
                out,
                proof,
                resumption));
    }

    @Override
    public Station<Integer, TrainedHead> station(SpokenModel model) throws IOException {
        SharedFolder.requireProof(Path.of(out), proof);
        HarvestStore harvest = HarvestStore.open(Path.of(store));
        try {
            return new Training(harvest, new HeadTraining(model, harvest, training), Path.of(out), resumption);
        } catch (RuntimeException e) {
            harvest.close();
            throw e;
        }
    }

    private record Training(HarvestStore harvest, HeadTraining training, Path out, Resumption resumption)
            implements Station<Integer, TrainedHead> {
        @Override
        public void perform(Integer layer, Workers.Sink<Integer, TrainedHead> sink) throws IOException {
            try {
                sink.found(layer, training.layer(out, layer, resumption, TrainingListener.NONE));
            } catch (ClosedByInterruptException e) {
                throw new RunStoppedException();
            }
            sink.finished(layer);
        }

        @Override
        public void finish() {}

        @Override
        public void close() {
            harvest.close();
        }
    }

    @Override
    public Form<Integer> tasks() {
        return Form.json(Integer.class);
    }

    @Override
    public Form<TrainedHead> results() {
        return Form.of(head -> Parcel.of(FiguresJson.of(head)), LayerWork::trained);
    }

    private static TrainedHead trained(Parcel parcel) {
        try {
            return FiguresJson.trainedHead(parcel.read(JsonNode.class));
        } catch (BadParcelException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new BadParcelException("trained head: " + e.getMessage());
        }
    }
}
