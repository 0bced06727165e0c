package dev.larder.embedded;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.larder.embedded", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule dependsOnNothingOfOurs =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.larder.embedded..", "java..", "javax.net.ssl", "org.slf4j", "org.jspecify..");

  @ArchTest
  static final ArchRule knowsNoEngineBelowTheFrontPackage =
      noClasses()
          .that()
          .resideInAPackage("dev.larder.embedded.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.larder.embedded");

  @ArchTest
  static final ArchRule keepsThePackagesBelowApart =
      slices().matching("dev.larder.embedded.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule decidesUpgradesAndVulnerabilitiesWithoutIo =
      classes()
          .that()
          .haveSimpleName("Upgrades")
          .or()
          .haveSimpleName("KnownVulnerability")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.larder.embedded",
              "java.lang..",
              "java.util",
              "java.util.function",
              "java.util.stream");
}
