package sparrow.study.run;

import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.ServiceLoader;

/**
 * Gives a job the name by which messages call it. Implementations are services ({@link ServiceLoader}): a message can open
 * no class but theirs.
 */
public abstract class JobType {
    private final String name;
    private final Class<? extends Job<?, ?>> type;

    /**
     * @param name that no other job has
     * @param type a record
     */
    protected JobType(String name, Class<? extends Job<?, ?>> type) {
        this.name = name;
        this.type = type;
    }

    /** All that are on the class path. */
    static NamedType[] all() {
        return ServiceLoader.load(JobType.class, JobType.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .map(job -> new NamedType(job.type, job.name))
                .toArray(NamedType[]::new);
    }
}
