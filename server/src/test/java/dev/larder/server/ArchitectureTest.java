package dev.larder.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

@AnalyzeClasses(packages = "dev.larder.server", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String SERVER = "dev.larder.server..";
  private static final String HTTP = "dev.larder.server.http..";
  private static final String REST_ROOM = "dev.larder.server.rest.";
  private static final String REST = "dev.larder.server.rest..";

  @ArchTest
  static final ArchRule PACKAGES_FORM_NO_CYCLE =
      slices().matching("dev.larder.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule HTTP_KNOWS_NO_DOOR =
      noClasses()
          .that()
          .resideInAPackage(HTTP)
          .should()
          .dependOnClassesThat(resideInAPackage(SERVER).and(resideOutsideOfPackages(HTTP)));

  @ArchTest
  static final ArchRule REST_KNOWS_ONLY_HTTP =
      noClasses()
          .that()
          .resideInAPackage(REST)
          .should()
          .dependOnClassesThat(resideInAPackage(SERVER).and(resideOutsideOfPackages(HTTP, REST)));

  /** The door sees all of them. */
  @ArchTest
  static final ArchRule ROOMS_OF_REST_SEE_ONE_ANOTHER_IN_ONE_DIRECTION =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("request")
          .definedBy(REST_ROOM + "request")
          .layer("reply")
          .definedBy(REST_ROOM + "reply")
          .layer("command")
          .definedBy(REST_ROOM + "command")
          .layer("engine")
          .definedBy(REST_ROOM + "engine")
          .layer("cluster")
          .definedBy(REST_ROOM + "cluster")
          .layer("stream")
          .definedBy(REST_ROOM + "stream")
          .layer("door")
          .definedBy("dev.larder.server.rest")
          .whereLayer("command")
          .mayOnlyAccessLayers("request")
          .whereLayer("reply")
          .mayOnlyAccessLayers("request")
          .whereLayer("engine")
          .mayOnlyAccessLayers("command", "request")
          .whereLayer("cluster")
          .mayOnlyAccessLayers("engine", "command", "request")
          .whereLayer("stream")
          .mayOnlyAccessLayers("engine")
          .whereLayer("request")
          .mayNotAccessAnyLayer();

  /** One cannot be found in a crowd. */
  @ArchTest
  static final ArchRule NO_ROOM_IS_CROWDED =
      classes()
          .that()
          .areTopLevelClasses()
          .should(
              new ArchCondition<>("be among at most 15 in their package") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                  long there =
                      item.getPackage().getClasses().stream()
                          .filter(it -> it.isTopLevelClass() && !it.isArray())
                          .filter(it -> !it.getName().endsWith("package-info"))
                          .count();
                  if (there > 15) {
                    events.add(
                        SimpleConditionEvent.violated(
                            item, item.getPackageName() + " has " + there + " classes"));
                  }
                }
              });

  @ArchTest
  static final ArchRule ONLY_THE_WIRING_STARTS_ENGINES =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.larder.server")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.larder.embedded..");
}
