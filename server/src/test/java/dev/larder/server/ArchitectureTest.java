package dev.larder.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.larder.server", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String SERVER = "dev.larder.server..";
  private static final String HTTP = "dev.larder.server.http..";
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

  @ArchTest
  static final ArchRule ONLY_THE_WIRING_STARTS_ENGINES =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.larder.server")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.larder.embedded..");
}
