package sparrow.study.run;

import java.io.IOException;
import java.util.Optional;
import sparrow.models.SpokenModel;

/** This machine: one open model does task after task. */
public record LocalWorkers(SpokenModel model) implements Workers {
    @Override
    public <T, R> void each(Work<T, R> work, Tasks<T> tasks, Sink<T, R> sink) throws IOException {
        try (Work.Station<T, R> station = work.station(model)) {
            for (Optional<T> task = tasks.next(); task.isPresent(); task = tasks.next()) {
                station.perform(task.get(), sink);
            }
            station.finish();
        }
    }
}
