package sparrow.cluster;

import java.io.IOException;
import sparrow.models.SpokenModel;
import sparrow.study.run.Form;
import sparrow.study.run.Parcel;
import sparrow.study.run.Work;
import sparrow.study.run.WorkKind;
import sparrow.study.run.Workers;

/** Work that ends the JVM of whoever does it, if the task says so. */
public final class Deadly implements Work<String, String> {
    /** For executors. */
    public static final class Kind implements WorkKind {
        @Override
        public String name() {
            return "deadly";
        }

        @Override
        public Deadly work(Parcel settings) {
            return new Deadly();
        }
    }

    @Override
    public Station<String, String> station(SpokenModel model) {
        return new Station<>() {
            @Override
            public void perform(String task, Workers.Sink<String, String> sink) throws IOException {
                if (task.equals("poison")) Runtime.getRuntime().halt(7);
                sink.found(task, task + " by " + model.name());
                sink.finished(task);
            }

            @Override
            public void finish() {}

            @Override
            public void close() {}
        };
    }

    @Override
    public String kind() {
        return "deadly";
    }

    @Override
    public Parcel settings() {
        return Parcel.of("");
    }

    @Override
    public Form<String> tasks() {
        return Form.json(String.class);
    }

    @Override
    public Form<String> results() {
        return Form.json(String.class);
    }
}
