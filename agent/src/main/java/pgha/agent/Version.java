package pgha.agent;

/** What this build calls itself: in the member's record, in REST answers, with {@code --version}. */
public final class Version {
    /** The version of the jar; {@code 0} when run from classes. */
    public static final String OF_THIS_BUILD = ofThisBuild();

    private Version() {}

    private static String ofThisBuild() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }
}
