package sparrow.study.run;

import java.util.ServiceLoader;

/**
 * Makes work of one kind of what came from another machine. Implementations are found as services ({@link ServiceLoader}).
 */
public interface WorkKind {
    /** The kind, as {@link Work#kind} says it. */
    String name();

    /**
     * The work of some settings.
     *
     * @throws BadParcelException if they are none
     */
    Work<?, ?> work(Parcel settings);

    /**
     * The kind of a name.
     *
     * @throws BadParcelException if nobody knows it
     */
    static WorkKind named(String name) {
        return ServiceLoader.load(WorkKind.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(kind -> kind.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadParcelException("kind of work: nobody knows \"" + name + "\""));
    }
}
